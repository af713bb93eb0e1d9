package dev.spectacles.proxy.simulator.oracle;

import dev.spectacles.proxy.simulator.scenario.TextLine;

/**
 * Counts over all requests.
 *
 * @param arrived all requests, also those no longer in the ledger
 * @param dropped requests missing in the ledger because it was full
 * @param duplicateNonces nonces that took effect more than once
 * @param repeatedNonces nonces that arrived more than once, refused ones included
 * @param bans that began
 * @param authorizedInteractions interaction calls that carried an Authorization header
 * @param shortestRoundTripMicros RTT_min, which the maximum of fixed windows takes into account
 */
public record Totals(
    String scenario,
    long arrived,
    long dropped,
    long duplicateNonces,
    long repeatedNonces,
    long bans,
    long authorizedInteractions,
    long shortestRoundTripMicros) {

  String toText() {
    return TextLine.of("totals")
        .with("scenario", scenario)
        .with("arrived", arrived)
        .with("dropped", dropped)
        .with("duplicate-nonces", duplicateNonces)
        .with("repeated-nonces", repeatedNonces)
        .with("bans", bans)
        .with("authorized-interactions", authorizedInteractions)
        .with("shortest-round-trip", shortestRoundTripMicros)
        .toText();
  }

  static Totals from(TextLine line) {
    return new Totals(
        line.text("scenario"),
        line.number("arrived"),
        line.number("dropped"),
        line.number("duplicate-nonces"),
        line.number("repeated-nonces"),
        line.number("bans"),
        line.number("authorized-interactions"),
        line.number("shortest-round-trip"));
  }
}
