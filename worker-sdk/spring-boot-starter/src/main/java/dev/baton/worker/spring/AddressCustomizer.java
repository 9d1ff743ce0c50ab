package dev.baton.worker.spring;

import dev.baton.worker.Worker;
import java.net.InetSocketAddress;
import org.springframework.boot.web.server.ConfigurableWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.core.Ordered;

/** Has the server listen where the listener {@code http} is, unless the application says where. */
final class AddressCustomizer
    implements WebServerFactoryCustomizer<ConfigurableWebServerFactory>, Ordered {
  private final Worker worker;
  private final ServerProperties properties;

  AddressCustomizer(Worker worker, ServerProperties properties) {
    this.worker = worker;
    this.properties = properties;
  }

  /** After Spring Boot's own, which sets what the properties say, and before the application's. */
  @Override
  public int getOrder() {
    return 1;
  }

  @Override
  public void customize(ConfigurableWebServerFactory factory) {
    if (properties.getPort() != null) {
      return;
    }
    // The default is Spring Boot's, for where there is no such listener.
    InetSocketAddress address = worker.listener("http", "8080").inetAddress();
    factory.setPort(address.getPort());
    if (properties.getAddress() == null) {
      factory.setAddress(address.getAddress());
    }
  }
}
