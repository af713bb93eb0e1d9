package dev.spectacles.proxy.simulator.scenario;

import java.util.OptionalInt;

/**
 * What is special about one token. A token that is not listed is valid.
 *
 * @param authorization whole value of the header, such as {@code Bot abc}
 * @param globalLimit requests per window of the global limit, if raised or lowered for this token
 */
public record TokenSpec(String authorization, State state, OptionalInt globalLimit) {

  /** Whether Discord accepts a token. */
  public enum State {
    VALID,
    /** Answers every request with 401. */
    REVOKED,
    /** Answers the next request with 401 and is valid after that. */
    FLAKY
  }

  public TokenSpec withState(State newState) {
    return new TokenSpec(authorization, newState, globalLimit);
  }

  public TokenSpec withGlobalLimit(int limit) {
    return new TokenSpec(authorization, state, OptionalInt.of(limit));
  }

  public static TokenSpec valid(String authorization) {
    return new TokenSpec(authorization, State.VALID, OptionalInt.empty());
  }
}
