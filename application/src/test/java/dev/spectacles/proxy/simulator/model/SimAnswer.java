package dev.spectacles.proxy.simulator.model;

import dev.spectacles.proxy.simulator.oracle.Decision;
import dev.spectacles.proxy.simulator.scenario.FaultSpec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * What Discord answers.
 *
 * @param sequence of the request in the ledger
 * @param fault to inject when this is delivered; the status of a failed request is already in place
 */
public record SimAnswer(
    long sequence,
    Decision decision,
    int status,
    List<Header> headers,
    byte[] body,
    Optional<FaultSpec> fault) {
  public SimAnswer {
    headers = List.copyOf(headers);
  }

  /** The first header of this name, in any case. */
  public Optional<String> header(String name) {
    return headers.stream()
        .filter(header -> header.name().equalsIgnoreCase(name))
        .map(Header::value)
        .findFirst();
  }

  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }
}
