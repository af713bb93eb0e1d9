package dev.spectacles.proxy.domain.ratelimit;

/**
 * What is known of a limit whatever the resource: shared by all buckets of one hash.
 *
 * @param limit requests per window
 * @param recent what the last answers showed
 * @param earlier what the {@value #EPOCH} answers before those showed
 * @param answers how many answers {@code recent} rests on
 */
public record BucketProfile(
    int limit, Model model, Estimate recent, Estimate earlier, int answers) {
  static final int EPOCH = 32;

  /** Of a limit that nothing is known of: one request at a time. */
  public static final BucketProfile UNKNOWN = withLimit(1, Model.UNKNOWN);

  /** Of a limit of which only this much is known. */
  public static BucketProfile withLimit(int limit, Model model) {
    return new BucketProfile(limit, model, Estimate.NONE, Estimate.NONE, 0);
  }

  /**
   * Largest values seen, in microseconds; 0 while unknown.
   *
   * @param window time until the reset
   * @param token time per request used, which never exceeds that in which one comes back
   */
  record Estimate(long window, double token) {
    static final Estimate NONE = new Estimate(0, 0);

    Estimate max(Estimate other) {
      return new Estimate(Math.max(window, other.window), Math.max(token, other.token));
    }
  }

  /** Time in which a sliding bucket gets one request back, in microseconds; 0 while unknown. */
  public double token() {
    return Math.max(recent.token(), earlier.token());
  }

  /** Length of a window, in microseconds; 0 while unknown. */
  public long window() {
    return Math.max(recent.window(), earlier.window());
  }

  /** What one of so many may use who cannot tell each other what they use. */
  public BucketProfile part(int of) {
    return of == 1
        ? this
        : new BucketProfile(Math.max(1, limit / of), model, recent, earlier, answers);
  }

  BucketProfile withModel(Model newModel) {
    return new BucketProfile(limit, newModel, recent, earlier, answers);
  }

  /** What is left when an answer shows that the limit refills in another way than before. */
  BucketProfile turned(Model newModel, RateLimitHeaders headers) {
    var known = new Estimate(window(), token(headers));
    return new BucketProfile(limit, newModel, known, Estimate.NONE, 1);
  }

  /** What an answer adds. */
  BucketProfile learn(RateLimitHeaders headers) {
    long resetAfter = headers.resetAfterMillis() * 1_000;
    var seen = new Estimate(resetAfter, token(headers));
    if (headers.limit() != limit) {
      return new BucketProfile(headers.limit(), model, seen, Estimate.NONE, 1);
    }
    if (answers >= EPOCH) {
      return new BucketProfile(limit, model, seen, recent, 1);
    }
    return new BucketProfile(limit, model, recent.max(seen), earlier, answers + 1);
  }

  private static double token(RateLimitHeaders headers) {
    // A millisecond less, as the header is rounded: a token too long would let requests out too
    // early.
    double resetAfter = Math.max(0, headers.resetAfterMillis() * 1_000 - 1_000);
    return headers.used() == 0 ? 0 : resetAfter / headers.used();
  }
}
