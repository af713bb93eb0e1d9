package dev.spectacles.proxy.simulator.scenario;

import java.util.Optional;

/**
 * A limit the headers do not show: when it bites, the 429 carries the route's normal headers.
 *
 * @param namesBucket hash the 429 names instead of the route's, with this limit's own headers
 * @param code JSON error code of the 429, 0 for none
 */
public record HiddenLimit(
    String name, Rate rate, When when, Reach reach, Optional<String> namesBucket, int code) {

  /** Requests a hidden limit concerns. */
  public enum When {
    ALWAYS,
    /** The JSON body changes a channel's name or topic. */
    NAME_OR_TOPIC,
    /** The message in the path is older than 14 days. */
    OLD_MESSAGE
  }

  /** Who shares a hidden limit. All but {@code TOKEN} answer with scope {@code shared}. */
  public enum Reach {
    /** Each token on each major parameter. */
    TOKEN,
    /** All tokens on one major parameter. */
    RESOURCE,
    /** All webhooks of one channel. */
    CHANNEL
  }

  /** Whether its 429s have scope {@code shared} and stay out of the invalid request count. */
  public boolean shared() {
    return reach != Reach.TOKEN;
  }

  public static HiddenLimit perToken(String name, Rate rate, When when) {
    return new HiddenLimit(name, rate, when, Reach.TOKEN, Optional.empty(), 0);
  }

  public static HiddenLimit shared(String name, Rate rate, Reach reach) {
    return new HiddenLimit(name, rate, When.ALWAYS, reach, Optional.empty(), 0);
  }

  public HiddenLimit naming(String hash) {
    return new HiddenLimit(name, rate, when, reach, Optional.of(hash), code);
  }

  public HiddenLimit withCode(int newCode) {
    return new HiddenLimit(name, rate, when, reach, namesBucket, newCode);
  }
}
