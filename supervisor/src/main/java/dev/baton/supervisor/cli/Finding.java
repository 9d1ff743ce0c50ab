package dev.baton.supervisor.cli;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What the self-test says of one thing.
 *
 * @param found what is there, or what went wrong
 * @param advice what to do about it; empty when there is nothing
 */
record Finding(String check, Verdict verdict, String found, String advice) {
  /** The verdict comes first in a line. */
  static final int VERDICT_COLUMNS = 4;

  /** How bad it is. */
  enum Verdict {
    OK,
    /** Baton works, with less than it could. */
    WARN,
    /** Baton, or its restarts, will not work. */
    FAIL
  }

  static Finding ok(String check, String found) {
    return new Finding(check, Verdict.OK, found, "");
  }

  static Finding warn(String check, String found, String advice) {
    return new Finding(check, Verdict.WARN, found, advice);
  }

  static Finding fail(String check, String found, String advice) {
    return new Finding(check, Verdict.FAIL, found, advice);
  }

  boolean isFailure() {
    return verdict == Verdict.FAIL;
  }

  String line() {
    String todo = advice.isEmpty() ? "" : "; " + advice;
    return String.format("%-4s  %-18s %s%s", word(), check, found, todo);
  }

  String json() {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("check", check);
    fields.put("verdict", verdict.name().toLowerCase(Locale.ROOT));
    fields.put("found", found);
    fields.put("advice", advice);
    return Json.object(fields);
  }

  /** Failures are loud. */
  private String word() {
    return verdict == Verdict.FAIL ? "FAIL" : verdict.name().toLowerCase(Locale.ROOT);
  }
}
