package dev.spectacles.proxy.simulator.scenario;

/**
 * A failure to inject into requests of a route.
 *
 * @param status of the answer, for {@link Kind#STATUS}
 * @param amount what the kind needs: bytes per second of a slow body, bytes of a big one
 * @param skip matching requests to leave alone first
 * @param times matching requests to hit after that
 * @param probability with which a matching request is hit
 */
public record FaultSpec(
    RoutePattern route,
    Kind kind,
    Phase phase,
    int status,
    long amount,
    int skip,
    int times,
    double probability) {
  public static final int ALWAYS = Integer.MAX_VALUE;

  /** What goes wrong. */
  public enum Kind {
    /** An error status with a body that is not the API's. */
    STATUS,
    /** The connection is reset and no byte of an answer is sent. */
    RESET,
    /** The connection is reset half-way through the body. */
    RESET_MID_BODY,
    /** The request is taken and never answered. */
    NO_ANSWER,
    /** The body trickles at {@code amount} bytes per second. */
    SLOW_BODY,
    /** A gzip body whose end is missing, with a Content-Length that fits what is sent. */
    TRUNCATED_GZIP,
    /** Rate limit headers twice and several Set-Cookie lines. */
    DUPLICATE_HEADERS,
    /** Header values with bytes above 127. */
    NON_ASCII_HEADERS,
    /** Status 204 without body. */
    NO_CONTENT,
    /** Status 200 with {@code amount} bytes of JSON. */
    BIG_BODY,
    /** A normal answer with {@code Connection: close}. */
    CLOSE
  }

  /** Whether the request still counted and took effect. */
  public enum Phase {
    BEFORE_EFFECT,
    AFTER_EFFECT
  }

  public FaultSpec {
    if (amount < 1) {
      throw new IllegalArgumentException("amount: %d (expected: >= 1)".formatted(amount));
    }
    var alwaysAfter =
        switch (kind) {
          case STATUS, RESET, NO_ANSWER -> false;
          default -> true;
        };
    if (alwaysAfter && phase == Phase.BEFORE_EFFECT) {
      throw new IllegalArgumentException(
          "fault %s: before-effect (expected: after-effect)".formatted(kind));
    }
  }

  /** A fault that hits every request of the route, after its effect. */
  public static FaultSpec of(String route, Kind kind) {
    return new FaultSpec(RoutePattern.parse(route), kind, Phase.AFTER_EFFECT, 500, 1, 0, ALWAYS, 1);
  }

  public static FaultSpec status(String route, int status, Phase phase) {
    return of(route, Kind.STATUS).withStatus(status).in(phase);
  }

  public FaultSpec in(Phase newPhase) {
    return new FaultSpec(route, kind, newPhase, status, amount, skip, times, probability);
  }

  public FaultSpec withStatus(int newStatus) {
    return new FaultSpec(route, kind, phase, newStatus, amount, skip, times, probability);
  }

  public FaultSpec withAmount(long newAmount) {
    return new FaultSpec(route, kind, phase, status, newAmount, skip, times, probability);
  }

  public FaultSpec after(int requests) {
    return new FaultSpec(route, kind, phase, status, amount, requests, times, probability);
  }

  public FaultSpec times(int requests) {
    return new FaultSpec(route, kind, phase, status, amount, skip, requests, probability);
  }

  public FaultSpec withProbability(double newProbability) {
    return new FaultSpec(route, kind, phase, status, amount, skip, times, newProbability);
  }

  TextLine writeTo(TextLine line) {
    return line.with("route", route.toText())
        .with("kind", TextLine.nameOf(kind))
        .with("phase", TextLine.nameOf(phase))
        .with("status", status)
        .with("amount", amount)
        .with("skip", skip)
        .with("times", times)
        .with("probability", probability);
  }

  static FaultSpec from(TextLine line) {
    return new FaultSpec(
        RoutePattern.parse(line.text("route")),
        line.constant("kind", Kind.class, Kind.STATUS),
        line.constant("phase", Phase.class, Phase.AFTER_EFFECT),
        line.integer("status", 500),
        line.number("amount", 1),
        line.integer("skip", 0),
        line.integer("times", ALWAYS),
        line.decimal("probability", 1));
  }
}
