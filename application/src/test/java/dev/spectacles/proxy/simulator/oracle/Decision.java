package dev.spectacles.proxy.simulator.oracle;

/** What became of a request, decided at its arrival. */
public enum Decision {
  /** Counted in its limits and carried out. */
  ACCEPTED,
  /** 429: the route's bucket is empty. */
  LIMITED_USER,
  /** 429: a hidden limit of this token is reached while the bucket has requests left. */
  LIMITED_SUBLIMIT,
  /** 429 with scope {@code shared}. */
  LIMITED_SHARED,
  /** 429: the global limit of the token or address. */
  LIMITED_GLOBAL,
  /** 429 of Cloudflare: the address is banned. */
  BANNED,
  /** 401. */
  UNAUTHORIZED,
  /** 403; counted in its limits. */
  FORBIDDEN,
  /** 403 with code 40333: the User-Agent is not that of a Discord library. */
  BLOCKED_USER_AGENT,
  /** 404; counted in its limits where the route has any. */
  NOT_FOUND,
  /** 400: an API version that is gone or a malformed request. */
  BAD_REQUEST,
  /** An injected fault kept the request from counting and from having an effect. */
  FAILED_BEFORE_EFFECT;

  /** Whether the request counted in its bucket. */
  public boolean counted() {
    return this == ACCEPTED || this == FORBIDDEN || this == NOT_FOUND;
  }

  /** Whether Discord itself answered 429, a Cloudflare ban not included. */
  public boolean limited() {
    return switch (this) {
      case LIMITED_USER, LIMITED_SUBLIMIT, LIMITED_SHARED, LIMITED_GLOBAL -> true;
      default -> false;
    };
  }

  /** Whether it counts as an invalid request of its address. */
  public boolean invalid() {
    return switch (this) {
      case LIMITED_USER, LIMITED_SUBLIMIT, LIMITED_GLOBAL -> true;
      case UNAUTHORIZED, FORBIDDEN, BLOCKED_USER_AGENT -> true;
      default -> false;
    };
  }
}
