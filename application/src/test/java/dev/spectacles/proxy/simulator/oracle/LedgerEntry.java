package dev.spectacles.proxy.simulator.oracle;

import dev.spectacles.proxy.simulator.scenario.TextLine;

/**
 * One request as the simulator saw it.
 *
 * @param sequence number in order of arrival, from 1
 * @param receivedMicros when its head had been read, before the simulated way to Discord
 * @param arrivalMicros when its limits were checked
 * @param bucket hash, major parameter and token id; empty for requests without a bucket
 * @param level used part of the bucket after the decision
 * @param status of the answer, also where a fault kept it from being sent
 * @param fault injected fault, empty for none
 */
public record LedgerEntry(
    long sequence,
    long receivedMicros,
    long arrivalMicros,
    String method,
    String path,
    String bucket,
    Decision decision,
    double level,
    int status,
    String fault,
    Origin origin) {

  /** The text form, one line. */
  public String toText() {
    return TextLine.of("request")
        .with("sequence", sequence)
        .with("received", receivedMicros)
        .with("arrival", arrivalMicros)
        .with("method", method)
        .with("path", path)
        .with("bucket", bucket)
        .with("decision", decision)
        .with("level", level)
        .with("status", status)
        .with("fault", fault)
        .with("ip", origin.sourceIp())
        .with("token", origin.tokenId())
        .with("instance", origin.instance())
        .with("seq", origin.clientSequence())
        .with("nonce", origin.nonce())
        .toText();
  }

  public static LedgerEntry parse(String text) {
    var line = TextLine.parse(text);
    var entry =
        new LedgerEntry(
            line.number("sequence"),
            line.number("received"),
            line.number("arrival"),
            line.text("method"),
            line.text("path"),
            line.text("bucket"),
            Decision.valueOf(line.text("decision")),
            line.decimal("level", 0),
            (int) line.number("status"),
            line.text("fault"),
            new Origin(
                line.text("ip"),
                line.text("token"),
                line.text("instance"),
                line.number("seq"),
                line.text("nonce")));
    line.done();
    return entry;
  }
}
