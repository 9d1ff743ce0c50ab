package dev.baton.supervisor.config;

import java.util.regex.Pattern;

/** How supervisors, services, and what belongs to a service may be called. */
public final class Names {
  /** For messages and the schema. */
  public static final String FORM = "[A-Za-z0-9_-]{1,40}";

  private static final Pattern NAME = Pattern.compile(FORM);

  private Names() {}

  public static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }
}
