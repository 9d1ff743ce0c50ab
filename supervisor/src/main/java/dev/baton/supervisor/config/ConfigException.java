package dev.baton.supervisor.config;

/** What the operator asked for is not possible; the message says what to write instead. */
public final class ConfigException extends Exception {
  private static final long serialVersionUID = 1L;

  public ConfigException(String message) {
    super(message);
  }
}
