package dev.baton.examples.benchmarks;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What the shop sells; public, because a template reads it. */
public record Catalogue(String title, String currency, List<Product> products) {
  private static final List<String> WORDS =
      List.of("amber", "basket", "copper", "dozen", "ember", "flint", "garnet", "hazel", "iron");

  /** One of its products. */
  public record Product(
      int id, String name, String text, BigDecimal price, int stock, List<String> tags) {}

  /** The same for the same number. */
  static Catalogue page(int number) {
    Random random = new Random(number);
    List<Product> products = new ArrayList<>();
    for (int i = 0; i < 15; i++) {
      products.add(
          new Product(
              number * 100 + i,
              words(random, 2),
              words(random, 12) + "\n<" + words(random, 8) + ">",
              BigDecimal.valueOf(100 + random.nextInt(100_000), 2),
              random.nextInt(20),
              List.of(words(random, 1), words(random, 1), words(random, 1))));
    }
    return new Catalogue("Page " + number, "eur", products);
  }

  private static String words(Random random, int count) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append(i == 0 ? "" : " ").append(WORDS.get(random.nextInt(WORDS.size())));
    }
    return text.toString();
  }
}
