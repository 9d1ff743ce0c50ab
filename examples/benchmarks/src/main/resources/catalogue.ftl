<!DOCTYPE html>
<html>
<head><title>${catalogue.title?html}</title></head>
<body>
<#macro price amount currency>${amount?string["0.00"]} ${currency?upper_case}</#macro>
<#list catalogue.products as product>
<article id="p${product.id?c}">
  <h2>${product.name?cap_first?html}</h2>
  <p>${product.text?html?replace("\n", "<br>")}</p>
  <p><@price product.price catalogue.currency/><#if product.stock lt 5> only ${product.stock}</#if></p>
  <ul><#list product.tags?sort as tag><li>${tag?trim?html}<#sep>,</li></#list></ul>
</article>
</#list>
<p>${catalogue.products?size} products, ${catalogue.products?filter(p -> p.stock gt 5)?size} in stock</p>
</body>
</html>
