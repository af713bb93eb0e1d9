package dev.spectacles.proxy.domain.request;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Id of the trace that a request belongs to, 32 digits of base 16. Source: W3C Trace Context,
 * section 3.2.
 */
public record TraceId(String value) {
  private static final String NONE = "0".repeat(32);

  /** Version 0; later ones begin with the same fields, and may have more. */
  private static final Pattern TRACE_PARENT =
      Pattern.compile(
          "(?!ff)([0-9a-f]{2})-([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-[ -~]{0,200})?");

  public TraceId {
    requireNonNull(value, "value");
  }

  /** What {@code traceparent} says; nothing where it is missing, repeated or cannot be read. */
  public static Optional<TraceId> of(Headers headers) {
    List<Header> parents =
        headers.fields().stream().filter(field -> field.name().equals("traceparent")).toList();
    if (parents.size() != 1) {
      return Optional.empty();
    }
    Matcher parent = TRACE_PARENT.matcher(parents.getFirst().value());
    boolean readable = parent.matches() && !parent.group(2).equals(NONE);
    boolean longer = readable && parent.group(3) != null;
    return readable && !(longer && parent.group(1).equals("00"))
        ? Optional.of(new TraceId(parent.group(2)))
        : Optional.empty();
  }
}
