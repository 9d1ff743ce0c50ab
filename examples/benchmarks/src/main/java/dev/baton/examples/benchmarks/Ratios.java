package dev.baton.examples.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What was measured beside what it is compared with, pair by pair. */
final class Ratios {
  private Ratios() {}

  static List<Double> of(List<Double> measured, List<Double> compared) {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < measured.size(); i++) {
      ratios.add(measured.get(i) / compared.get(i));
    }
    return ratios;
  }

  static void print(String what, List<Double> ratios) {
    List<Double> sorted = ratios.stream().sorted().toList();
    System.out.printf(
        Locale.ROOT,
        "%s: median %.2f, from %.2f to %.2f, of %d%n",
        what,
        sorted.get(sorted.size() / 2),
        sorted.get(0),
        sorted.get(sorted.size() - 1),
        sorted.size());
  }
}
