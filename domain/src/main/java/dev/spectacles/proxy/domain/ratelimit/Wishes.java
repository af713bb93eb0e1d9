package dev.spectacles.proxy.domain.ratelimit;

import static java.util.Objects.requireNonNull;

import dev.spectacles.proxy.domain.request.Header;
import dev.spectacles.proxy.domain.request.Headers;
import dev.spectacles.proxy.domain.request.InvalidRequestException;
import dev.spectacles.proxy.domain.text.BadDurationException;
import dev.spectacles.proxy.domain.text.HumanDuration;
import dev.spectacles.proxy.domain.text.Suggestion;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a caller asks of the limiter for one request, by headers that Discord does not get.
 *
 * @param priority among the requests of the same caller
 * @param maxWait how long it waits for its turn rather than be refused; empty if it does not say
 */
public record Wishes(Priority priority, Optional<Duration> maxWait) {
  private static final String PRIORITY = "x-spectacles-priority";
  private static final String MAX_WAIT = "x-spectacles-max-wait";

  /** Headers that say them. */
  public static final List<String> NAMES = List.of(PRIORITY, MAX_WAIT);

  /** Longer values mean nothing, and guessing what they should mean takes time. */
  private static final int LONGEST = 64;

  private static final List<String> PRIORITIES =
      Arrays.stream(Priority.values()).map(p -> p.name().toLowerCase(Locale.ROOT)).toList();

  public Wishes {
    requireNonNull(priority, "priority");
    requireNonNull(maxWait, "maxWait");
  }

  /** Wishes of a request with these headers; status 6 for what cannot be read. */
  public static Wishes of(Headers headers) throws InvalidRequestException {
    Optional<String> priority = only(headers, PRIORITY);
    Optional<String> maxWait = only(headers, MAX_WAIT);
    return new Wishes(
        priority.isPresent() ? priority(priority.get()) : Priority.NORMAL,
        maxWait.isPresent() ? Optional.of(maxWait(maxWait.get())) : Optional.empty());
  }

  /** These headers with the wishes in place of those that they have. */
  public Headers in(Headers headers) {
    Headers others = headers.without(name -> name.equals(PRIORITY) || name.equals(MAX_WAIT));
    Headers prioritised = others.with(PRIORITY, priority.name().toLowerCase(Locale.ROOT));
    return maxWait.isPresent()
        ? prioritised.with(MAX_WAIT, maxWait.get().toMillis() + "ms")
        : prioritised;
  }

  private static Priority priority(String value) throws InvalidRequestException {
    for (Priority priority : Priority.values()) {
      if (priority.name().equalsIgnoreCase(value)) {
        return priority;
      }
    }
    throw InvalidRequestException.ofHeader(
        PRIORITY,
        value,
        "one of " + String.join(", ", PRIORITIES) + Suggestion.of(value, PRIORITIES));
  }

  private static Duration maxWait(String value) throws InvalidRequestException {
    try {
      return HumanDuration.read(value)
          .orElseThrow(
              () ->
                  InvalidRequestException.ofHeader(
                      MAX_WAIT, value, "a duration such as 30s, or 0s for no wait at all"));
    } catch (BadDurationException e) {
      throw InvalidRequestException.ofHeader(MAX_WAIT, value, e.expectation());
    }
  }

  private static Optional<String> only(Headers headers, String name)
      throws InvalidRequestException {
    List<String> values =
        headers.fields().stream().filter(f -> f.name().equals(name)).map(Header::value).toList();
    if (values.size() > 1) {
      throw InvalidRequestException.ofHeader(
          name, String.join(", ", values.subList(0, 2)), "the header once");
    }
    if (!values.isEmpty() && values.getFirst().length() > LONGEST) {
      throw InvalidRequestException.ofHeader(
          name, values.getFirst(), "at most " + LONGEST + " characters");
    }
    return values.stream().findFirst();
  }
}
