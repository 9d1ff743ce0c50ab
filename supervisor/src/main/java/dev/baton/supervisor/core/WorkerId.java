package dev.baton.supervisor.core;

/**
 * One JVM, for ever: no two have the same. The slot persists, the process does not.
 *
 * @param generation the launch it belongs to, from 1
 * @param slot its place among the workers of the service, from 0
 * @param attempt how often this generation was started in this slot, from 1
 */
public record WorkerId(String service, int generation, int slot, int attempt) {
  /** Such as {@code web.g3/1}, and {@code web.g3/1#2} for a second attempt. */
  @Override
  public String toString() {
    String id = service + ".g" + generation + "/" + slot;
    return attempt == 1 ? id : id + "#" + attempt;
  }
}
