package dev.baton.supervisor.config;

import com.google.common.collect.ImmutableList;

/**
 * What becomes of an address that a worker binds and that is none of the service's listeners.
 *
 * @param local bound by the worker itself, without us
 * @param deny refused with {@code EACCES}
 * @param others what becomes of those in neither list
 */
public record BindPolicy(
    ImmutableList<AddressPattern> local, ImmutableList<AddressPattern> deny, Others others) {
  public static final BindPolicy HOLD_ALL =
      new BindPolicy(ImmutableList.of(), ImmutableList.of(), Others.HOLD);

  /** What is done with an address. */
  public enum Others {
    /** The supervisor binds and holds it, as if it were configured. */
    HOLD,
    /** The worker binds it by itself. */
    LOCAL,
    /** The bind fails. */
    DENY
  }

  /** What to do with an address that is not configured. */
  public Others of(Address address) {
    if (deny.stream().anyMatch(pattern -> pattern.matches(address))) {
      return Others.DENY;
    }
    return local.stream().anyMatch(pattern -> pattern.matches(address)) ? Others.LOCAL : others;
  }
}
