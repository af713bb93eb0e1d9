package dev.spectacles.proxy.application.service;

import dev.spectacles.proxy.domain.ratelimit.Wishes;
import dev.spectacles.proxy.domain.request.Header;
import dev.spectacles.proxy.domain.request.Headers;
import dev.spectacles.proxy.domain.text.Suggestion;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the log of headers that look as if they were meant for the proxy, and mean nothing to it:
 * once per name. Thread-safe.
 */
final class UnknownWishes {
  private static final Logger LOG = LoggerFactory.getLogger(UnknownWishes.class);
  private static final String PREFIX = "x-spectacles-";

  /** Callers can make up any number of names, of any length. */
  private static final int MOST_NAMES = 20;

  private static final int LONGEST = 60;

  private final Set<String> told = ConcurrentHashMap.newKeySet();

  void look(Headers headers) {
    for (Header header : headers.fields()) {
      String name = header.name();
      if (name.startsWith(PREFIX)
          && !Wishes.NAMES.contains(name)
          && told.size() < MOST_NAMES
          && told.add(shortened(name))) {
        LOG.warn(
            "request header {} is ignored (expected: one of {}){}",
            shortened(name),
            String.join(", ", Wishes.NAMES),
            Suggestion.of(shortened(name), Wishes.NAMES));
      }
    }
  }

  private static String shortened(String name) {
    return name.length() > LONGEST ? name.substring(0, LONGEST) : name;
  }
}
