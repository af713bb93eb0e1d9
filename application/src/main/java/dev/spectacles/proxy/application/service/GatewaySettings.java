package dev.spectacles.proxy.application.service;

import static java.util.Objects.requireNonNull;

import dev.spectacles.proxy.domain.entity.answer.Keeping;
import java.time.Duration;

/**
 * How requests are answered from what the gateway told.
 *
 * @param store name of the store, for people
 * @param relaxed whether answers are preferred, too, that lack what the gateway does not tell
 * @param maxLag how far behind what is kept may be
 * @param patience how long a request waits for the store
 */
public record GatewaySettings(
    String store,
    AnswerMode mode,
    boolean relaxed,
    Duration maxLag,
    Keeping keeping,
    Duration patience) {
  public GatewaySettings {
    requireNonNull(mode, "mode");
    requireNonNull(keeping, "keeping");
  }
}
