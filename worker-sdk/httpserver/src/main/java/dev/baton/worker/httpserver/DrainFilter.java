package dev.baton.worker.httpserver;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import dev.baton.worker.Worker;
import java.io.IOException;

/**
 * Ends keep-alive connections while this worker drains: each with its next response, which says so
 * by {@code Connection: close}. Belongs in front of every context's other filters:
 *
 * <pre>
 * server.createContext("/", handler).getFilters().add(0, new DrainFilter(worker));
 * </pre>
 *
 * <p>Any thread; does not block.
 */
public final class DrainFilter extends Filter {
  private final Worker worker;

  public DrainFilter(Worker worker) {
    this.worker = worker;
  }

  @Override
  public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
    if (worker.isDraining()) {
      exchange.getResponseHeaders().set("Connection", "close");
    }
    chain.doFilter(exchange);
  }

  @Override
  public String description() {
    return "ends keep-alive connections while the worker drains";
  }
}
