package dev.baton.worker.spring;

import dev.baton.worker.Worker;
import dev.baton.worker.jetty.DrainCustomizer;
import dev.baton.worker.tomcat.DrainValve;
import java.util.stream.Stream;
import org.apache.catalina.Valve;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Server;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.jetty.ConfigurableJettyWebServerFactory;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerResponse;

/**
 * Has the embedded server drain, whichever it is. The actuator's own server, if it has a port of
 * its own, is in a context of its own, which has this configuration too.
 */
@Configuration(proxyBeanMethods = false)
final class DrainConfiguration {
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass({Valve.class, ConfigurableTomcatWebServerFactory.class})
  static final class OnTomcat {
    @Bean
    WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory> batonTomcatDrain() {
      return factory -> factory.addEngineValves(new DrainValve(Worker.attach()));
    }
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass({Server.class, ConfigurableJettyWebServerFactory.class})
  static final class OnJetty {
    @Bean
    WebServerFactoryCustomizer<ConfigurableJettyWebServerFactory> batonJettyDrain() {
      return factory -> factory.addServerCustomizers(OnJetty::drain);
    }

    private static void drain(Server server) {
      DrainCustomizer drain = new DrainCustomizer(Worker.attach());
      Stream.of(server.getConnectors())
          .flatMap(connector -> connector.getConnectionFactories().stream())
          .filter(HttpConfiguration.ConnectionFactory.class::isInstance)
          .map(HttpConfiguration.ConnectionFactory.class::cast)
          .forEach(protocol -> protocol.getHttpConfiguration().addCustomizer(drain));
    }
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass({HttpServer.class, NettyReactiveWebServerFactory.class})
  static final class OnReactorNetty {
    @Bean
    WebServerFactoryCustomizer<NettyReactiveWebServerFactory> batonReactorNettyDrain() {
      return factory -> factory.addServerCustomizers(OnReactorNetty::drain);
    }

    /** Before the handler, which is subscribed to after that, can have sent anything. */
    private static HttpServer drain(HttpServer server) {
      Worker worker = Worker.attach();
      return server.mapHandle(
          (handling, connection) -> {
            if (worker.isDraining() && connection instanceof HttpServerResponse response) {
              response.keepAlive(false);
            }
            return handling;
          });
    }
  }
}
