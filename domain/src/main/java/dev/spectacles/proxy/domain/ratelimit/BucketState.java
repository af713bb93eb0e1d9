package dev.spectacles.proxy.domain.ratelimit;

/**
 * How full one bucket is, as far as Discord's answers told.
 *
 * <p>Requests in flight are not part of it: the store holds a lease for each and passes their
 * number. They count on top of what is used, and across a reset, so that one that arrives late
 * cannot overfill the next window.
 *
 * @param used requests counted at {@code usedAt}; a fraction for a sliding bucket
 * @param resetAt when it is completely free again; in the past for a bucket that is
 * @param serverReset latest {@code X-RateLimit-Reset} seen, by Discord's clock in milliseconds:
 *     tells the order in which Discord counted, which is not that in which its answers arrive
 * @param sample an earlier answer, to tell the model from
 * @param blockedUntil when a 429 stops holding it up
 */
public record BucketState(
    double used, long usedAt, long resetAt, long serverReset, Sample sample, long blockedUntil) {
  /** Never used. */
  public static final BucketState EMPTY =
      new BucketState(0, 0, Long.MIN_VALUE, Long.MIN_VALUE, Sample.NONE, Long.MIN_VALUE);

  /** Length of a window that nothing is known of, in microseconds. */
  public static final long UNKNOWN_WINDOW = 1_000_000;

  // Tolerances in milliseconds of Discord's rounded clock, measured against both kinds of buckets.
  private static final long SAME_WINDOW = 5;
  private static final long SAME_ANSWER = 2;
  private static final long MOVED = 15;
  private static final long APART = 20;

  // A reset is announced in whole milliseconds, perhaps rounded down.
  private static final long ROUNDING = 1_000;
  private static final double FLOAT_ERROR = 1e-6;

  /** When Discord counted a request and which reset it announced, in milliseconds of its clock. */
  record Sample(long serverMillis, long resetMillis) {
    static final Sample NONE = new Sample(Long.MIN_VALUE, Long.MIN_VALUE);
  }

  /** State of the bucket and profile of its limit after an answer. */
  public record Learned(BucketState state, BucketProfile profile) {}

  /** Requests counted that have not come back yet. */
  public double level(BucketProfile profile, long now) {
    if (now >= resetAt) {
      return 0;
    }
    if (slides(profile)) {
      return Math.max(0, used - (now - usedAt) / profile.token());
    }
    return used;
  }

  /** Requests that may be sent now, given how many are in flight; never negative. */
  public int available(BucketProfile profile, long now, int inFlight) {
    if (now < blockedUntil) {
      return 0;
    }
    double free = profile.limit() - level(profile, now);
    return (int) Math.max(0, Math.floor(free + FLOAT_ERROR) - inFlight);
  }

  /**
   * When a request may be sent if no answer comes before.
   *
   * @return that moment, or {@link Long#MAX_VALUE} if only an answer to one in flight can help
   */
  public long nextAt(BucketProfile profile, long now, int inFlight) {
    if (inFlight >= profile.limit()) {
      return Long.MAX_VALUE;
    }
    if (available(profile, Math.max(now, blockedUntil), inFlight) > 0) {
      return Math.max(now, blockedUntil);
    }
    long free = resetAt;
    if (slides(profile)) {
      double surplus = used - (profile.limit() - 1 - inFlight);
      free = Math.min(resetAt, usedAt + (long) Math.ceil(surplus * profile.token()));
    }
    return Math.max(Math.max(now, free), blockedUntil);
  }

  /** After requests of which it is not known whether Discord counted them: they are taken to be. */
  public BucketState lost(BucketProfile profile, long now, int requests) {
    double counted = level(profile, now) + requests;
    long end;
    if (slides(profile)) {
      end = now + (long) Math.ceil(counted * profile.token());
    } else if (now < resetAt) {
      end = resetAt;
    } else {
      end = now + (profile.window() > 0 ? profile.window() : UNKNOWN_WINDOW);
    }
    return new BucketState(counted, now, end, serverReset, sample, blockedUntil);
  }

  /** After a 429 that holds the bucket up. */
  public BucketState blocked(long until) {
    return new BucketState(
        used, usedAt, resetAt, serverReset, sample, Math.max(blockedUntil, until));
  }

  /**
   * After an answer with headers.
   *
   * @param at no earlier than when Discord counted the request, as close to it as is known
   * @param refused whether it is a 429, from which the model is not learnt
   */
  public Learned answered(
      BucketProfile before, RateLimitHeaders headers, long at, boolean refused) {
    BucketProfile profile = before.learn(headers);
    Sample next = sample;
    if (!refused) {
      Model model = model(before.model(), headers);
      // In a fixed window the reset says nothing about how long one request takes to come back.
      profile =
          before.model() == Model.FIXED && model == Model.SLIDING
              ? profile.turned(model, headers)
              : profile.withModel(model);
      next = nextSample(headers);
    }
    if (slides(profile) && contradictsSliding(profile, headers)) {
      profile = profile.turned(Model.UNKNOWN, headers);
    }
    BucketState state =
        slides(profile) ? slid(profile, headers, at) : counted(profile, headers, at);
    return new Learned(
        new BucketState(
            state.used, state.usedAt, state.resetAt, state.serverReset, next, blockedUntil),
        profile);
  }

  private BucketState slid(BucketProfile profile, RateLimitHeaders headers, long at) {
    if (serverReset != Long.MIN_VALUE && headers.resetMillis() <= serverReset + SAME_ANSWER) {
      return this;
    }
    long full = at + headers.resetAfterMillis() * 1_000 + ROUNDING;
    double level = (full - at) / profile.token();
    return new BucketState(level, at, full, headers.resetMillis(), sample, blockedUntil);
  }

  private BucketState counted(BucketProfile profile, RateLimitHeaders headers, long at) {
    long reset = at + headers.resetAfterMillis() * 1_000 + ROUNDING;
    if (serverReset == Long.MIN_VALUE || headers.resetMillis() > serverReset + SAME_WINDOW) {
      return new BucketState(
          headers.used(), at, reset, headers.resetMillis(), sample, blockedUntil);
    }
    if (headers.resetMillis() < serverReset - SAME_WINDOW) {
      return this;
    }
    return new BucketState(
        Math.max(level(profile, at), headers.used()),
        at,
        Math.min(resetAt, reset),
        Math.max(serverReset, headers.resetMillis()),
        sample,
        blockedUntil);
  }

  private Model model(Model before, RateLimitHeaders headers) {
    long earlier = Math.min(sample.serverMillis(), headers.serverMillis());
    long later = Math.max(sample.serverMillis(), headers.serverMillis());
    long firstReset = Math.min(sample.resetMillis(), headers.resetMillis());
    if (sample.equals(Sample.NONE) || later - earlier < APART || later >= firstReset) {
      return before;
    }
    long moved = Math.abs(headers.resetMillis() - sample.resetMillis());
    if (moved <= SAME_WINDOW) {
      return Model.FIXED;
    }
    return moved >= MOVED ? Model.SLIDING : before;
  }

  /** The earlier sample stays until one comes that can be compared with it. */
  private Sample nextSample(RateLimitHeaders headers) {
    boolean close = headers.serverMillis() - sample.serverMillis() < APART;
    boolean comparable = headers.serverMillis() < sample.resetMillis();
    return !sample.equals(Sample.NONE) && close && comparable
        ? sample
        : new Sample(headers.serverMillis(), headers.resetMillis());
  }

  /** A sliding bucket with so many requests used cannot be full again so soon. */
  private static boolean contradictsSliding(BucketProfile profile, RateLimitHeaders headers) {
    double level = headers.resetAfterMillis() * 1_000 / profile.token();
    return level < headers.used() - 1.5;
  }

  private static boolean slides(BucketProfile profile) {
    return profile.model() == Model.SLIDING && profile.token() > 0;
  }
}
