package dev.spectacles.proxy.simulator.model;

import dev.spectacles.proxy.simulator.scenario.HiddenLimit;
import java.util.List;
import java.util.Map;

/** Counts requests against limits the headers do not show. */
final class HiddenLimits {
  private final Map<String, String> webhookChannels;
  private final Counters counters;

  /** A hidden limit a request counts in. */
  record Hidden(HiddenLimit limit, RateCounter counter) {}

  HiddenLimits(Map<String, String> webhookChannels, long epochOffset) {
    this.webhookChannels = webhookChannels;
    counters = new Counters(epochOffset);
  }

  /** The hidden limits that concern this request. */
  List<Hidden> find(
      Route route,
      String subject,
      Map<String, String> jsonFields,
      boolean oldMessage,
      long nowMicros) {
    return route.hidden().stream()
        .filter(limit -> concerns(limit.when(), jsonFields, oldMessage))
        .map(
            limit ->
                new Hidden(
                    limit,
                    counters.get(
                        limit.name() + ":" + shared(limit.reach(), route, subject),
                        limit.rate(),
                        nowMicros)))
        .toList();
  }

  private static boolean concerns(
      HiddenLimit.When when, Map<String, String> jsonFields, boolean oldMessage) {
    return switch (when) {
      case ALWAYS -> true;
      case NAME_OR_TOPIC -> jsonFields.containsKey("name") || jsonFields.containsKey("topic");
      case OLD_MESSAGE -> oldMessage;
    };
  }

  private String shared(HiddenLimit.Reach reach, Route route, String subject) {
    return switch (reach) {
      case TOKEN -> route.major() + ":" + subject;
      case RESOURCE -> route.major();
      case CHANNEL -> {
        var webhook = route.parameter("webhook_id");
        yield webhookChannels.getOrDefault(webhook, "webhook-" + webhook);
      }
    };
  }
}
