package dev.baton.worker.spring;

import dev.baton.worker.Worker;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;

/** Says that the worker is ready when the application is: its runners have run. */
final class ReadyListener implements ApplicationListener<ApplicationReadyEvent> {
  /** Of this JVM, as the worker is: each of several contexts has a listener, and hears others. */
  private static final AtomicBoolean SAID = new AtomicBoolean();

  private final Worker worker;

  ReadyListener(Worker worker) {
    this.worker = worker;
  }

  @Override
  public void onApplicationEvent(ApplicationReadyEvent event) {
    // Whoever drains already is being stopped, which is no failure of the application.
    if (!worker.isDraining() && SAID.compareAndSet(false, true)) {
      worker.ready();
    }
  }
}
