package dev.spectacles.proxy.simulator.scenario;

import java.time.Duration;

/** So many requests per so much time, counted by a model. */
public record Rate(int limit, Duration window, RateModel model) {
  public Rate {
    if (limit < 1) {
      throw new IllegalArgumentException("limit: %d (expected: >= 1)".formatted(limit));
    }
    if (Durations.micros(window) < 1) {
      throw new IllegalArgumentException("window: %s (expected: > 0)".formatted(window));
    }
  }

  public static Rate fixed(int limit, Duration window) {
    return new Rate(limit, window, RateModel.FIXED);
  }

  public static Rate sliding(int limit, Duration window) {
    return new Rate(limit, window, RateModel.SLIDING);
  }

  public long windowMicros() {
    return Durations.micros(window);
  }

  /** T, the time in which a sliding bucket wins back one request. */
  public double refillMicros() {
    return (double) windowMicros() / limit;
  }

  public Rate withLimit(int newLimit) {
    return new Rate(newLimit, window, model);
  }

  public Rate withWindow(Duration newWindow) {
    return new Rate(limit, newWindow, model);
  }

  public Rate withModel(RateModel newModel) {
    return new Rate(limit, window, newModel);
  }

  /** Reads {@code limit}, {@code window} and {@code model} of a line. */
  public static Rate from(TextLine line) {
    return new Rate(
        Math.toIntExact(line.number("limit")),
        line.duration("window"),
        line.constant("model", RateModel.class, RateModel.FIXED));
  }

  /** Writes what {@link #from} reads. */
  public TextLine writeTo(TextLine line) {
    return line.with("limit", limit).with("window", window).with("model", TextLine.nameOf(model));
  }
}
