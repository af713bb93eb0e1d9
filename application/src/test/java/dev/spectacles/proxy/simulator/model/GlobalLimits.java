package dev.spectacles.proxy.simulator.model;

import dev.spectacles.proxy.simulator.scenario.GlobalSpec;
import dev.spectacles.proxy.simulator.scenario.Rate;
import dev.spectacles.proxy.simulator.scenario.RateModel;
import dev.spectacles.proxy.simulator.scenario.Scenario;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Counts requests over all routes by token, or by address where there is none. */
final class GlobalLimits {
  private final boolean countsAuthorizedInteractions;
  private final Map<String, Integer> ownLimits = new HashMap<>();
  private final Counters counters;
  private Rate rate;

  GlobalLimits(Scenario scenario, long epochOffset) {
    GlobalSpec global = scenario.global();
    rate = global.rate();
    countsAuthorizedInteractions = global.countsAuthorizedInteractions();
    for (var token : scenario.tokens()) {
      token
          .globalLimit()
          .ifPresent(limit -> ownLimits.put(TokenId.of(token.authorization()), limit));
    }
    counters = new Counters(epochOffset);
  }

  /** The counter of a token or address; empty for interactions, which are exempt. */
  Optional<RateCounter> find(ApiPath path, String subject, boolean authorized, long nowMicros) {
    if (path.interaction() && !(authorized && countsAuthorizedInteractions)) {
      return Optional.empty();
    }
    var limit = ownLimits.getOrDefault(subject, rate.limit());
    return Optional.of(counters.get(subject, rate.withLimit(limit), nowMicros));
  }

  void setModel(RateModel model) {
    rate = rate.withModel(model);
  }

  void setLimit(String authorization, int limit, long nowMicros) {
    var tokenId = TokenId.of(authorization);
    ownLimits.put(tokenId, limit);
    counters.change(tokenId, rate.withLimit(limit), nowMicros);
  }
}
