package dev.spectacles.proxy.domain.entity.answer;

import static java.util.Objects.requireNonNull;

import dev.spectacles.proxy.domain.request.Body;

/** Body of an answer, in JSON, and how close it comes to Discord's own. */
public record Answer(Level level, Body body) {
  public Answer {
    requireNonNull(level, "level");
    requireNonNull(body, "body");
  }
}
