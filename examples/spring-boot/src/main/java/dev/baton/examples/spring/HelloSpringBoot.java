package dev.baton.examples.spring;

import java.util.concurrent.TimeUnit;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Says which process answers; {@code /slow} thinks about it for two seconds. */
@SpringBootApplication(proxyBeanMethods = false)
@RestController
final class HelloSpringBoot {
  public static void main(String[] args) {
    SpringApplication.run(HelloSpringBoot.class, args);
  }

  @GetMapping("/")
  String answer() {
    return "hello from pid " + ProcessHandle.current().pid() + "\n";
  }

  @GetMapping("/slow")
  String slowAnswer() throws InterruptedException {
    TimeUnit.SECONDS.sleep(2);
    return answer();
  }
}
