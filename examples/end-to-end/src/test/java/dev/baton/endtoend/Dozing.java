package dev.baton.endtoend;

import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * A JVM that does next to nothing: wakes once a second, makes a map of a few hundred entries, and
 * sleeps on. To be run interpreted, as a supervisor is: what it costs is what waking up costs on
 * this host at this time.
 */
final class Dozing {
  private static final int ENTRIES = 300;

  private Dozing() {}

  public static void main(String[] args) throws InterruptedException {
    while (true) {
      TreeMap<String, Integer> map = new TreeMap<>();
      for (int i = 0; i < ENTRIES; i++) {
        map.put("entry " + i, i);
      }
      if (map.size() != ENTRIES) {
        throw new AssertionError(map);
      }
      TimeUnit.SECONDS.sleep(1);
    }
  }
}
