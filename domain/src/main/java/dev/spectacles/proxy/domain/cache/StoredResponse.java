package dev.spectacles.proxy.domain.cache;

import static java.util.Objects.requireNonNull;

import dev.spectacles.proxy.domain.request.Header;
import dev.spectacles.proxy.domain.request.Headers;
import dev.spectacles.proxy.domain.request.ProxyResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Answer as it is kept, with all that decides whether it may be used again.
 *
 * @param answer with the headers that may be repeated, {@code date} always among them
 * @param received when it came, or was confirmed
 * @param initialAge how old it was then
 * @param lifetime how old it may become
 * @param mustRevalidate whether it is never used once it is not fresh any more
 * @param noCache whether it is never used unless Discord confirms it
 * @param staleIfError Discord's own word on use after an error
 * @param staleWhileRevalidate Discord's own word on use while it is being refreshed
 * @param vary digests of the request's headers that selected it
 * @param generations of its tags, read when its request started
 */
public record StoredResponse(
    ProxyResponse.Http answer,
    Instant received,
    Duration initialAge,
    Duration lifetime,
    boolean mustRevalidate,
    boolean noCache,
    Optional<Duration> staleIfError,
    Optional<Duration> staleWhileRevalidate,
    List<Header> vary,
    List<String> generations) {
  public StoredResponse {
    requireNonNull(answer, "answer");
    requireNonNull(received, "received");
    requireNonNull(initialAge, "initialAge");
    requireNonNull(lifetime, "lifetime");
    requireNonNull(staleIfError, "staleIfError");
    requireNonNull(staleWhileRevalidate, "staleWhileRevalidate");
    vary = List.copyOf(vary);
    generations = List.copyOf(generations);
  }

  /** How old it is; never less than when it came, even if a clock was set back. */
  public Duration age(Instant now) {
    return DeltaSeconds.bounded(
        initialAge.plus(DeltaSeconds.bounded(Duration.between(received, now))));
  }

  /** The answer as a hit gives it out, with its age. */
  public ProxyResponse.Http hit(Duration age, CacheStatus status) {
    Headers headers = answer.headers().with("age", Long.toString(age.toSeconds()));
    return status.addTo(
        new ProxyResponse.Http(answer.code(), headers, answer.url(), answer.body()));
  }
}
