package dev.spectacles.proxy.adapter.ipc;

import dev.spectacles.proxy.domain.text.Suggestion;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the log of events that nobody here reads, as one is mistyped easily: once per name.
 * Thread-safe.
 */
final class UnreadEvents {
  private static final Logger LOG = LoggerFactory.getLogger(UnreadEvents.class);

  /** Others can make up any number of names, with anything in them. */
  private static final int MOST_NAMES = 10;

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_@.:-]{1,64}");

  private final String requests;
  private final Set<String> told = ConcurrentHashMap.newKeySet();

  /** Where requests are events of this name. */
  UnreadEvents(String requests) {
    this.requests = requests;
  }

  /** An event of this name came from a peer. */
  void came(String peer, String name) {
    if (NAME.matcher(name).matches() && told.size() < MOST_NAMES && told.add(name)) {
      LOG.warn(
          "{} sent event {}, which nobody here reads (requests are event {}){}",
          peer,
          name,
          requests,
          Suggestion.of(name, List.of(requests)));
    } else {
      LOG.debug("{} sent an event that nobody here reads", peer);
    }
  }
}
