package dev.baton.worker.spring;

import dev.baton.worker.Worker;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.web.server.ConfigurableWebServerFactory;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Everything that a Spring Boot application has to do as a worker; see the package. */
@AutoConfiguration
@Import(DrainConfiguration.class)
final class BatonAutoConfiguration {
  @Bean
  @ConditionalOnMissingBean
  Worker batonWorker() {
    return Worker.attach();
  }

  @Bean
  ReadyListener batonReadyListener(Worker worker) {
    return new ReadyListener(worker);
  }

  /** Only with a server. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnWebApplication
  @ConditionalOnClass({ConfigurableWebServerFactory.class, ServerProperties.class})
  @EnableConfigurationProperties(ServerProperties.class)
  static final class OnWeb {
    @Bean
    AddressCustomizer batonAddressCustomizer(Worker worker, ServerProperties properties) {
      return new AddressCustomizer(worker, properties);
    }
  }

  /** Only with the actuator. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
  @ConditionalOnEnabledHealthIndicator("baton")
  static final class OnHealth {
    @Bean
    HealthIndicator batonHealthIndicator(Worker worker) {
      return new WorkerHealth(worker);
    }
  }
}
