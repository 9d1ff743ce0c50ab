package dev.baton.protocol;

import java.io.IOException;

/**
 * The peer sent what the protocol does not allow; its connection is closed, nothing else happens.
 */
public final class ProtocolException extends IOException {
  private static final long serialVersionUID = 1L;

  public ProtocolException(String message) {
    super(message);
  }
}
