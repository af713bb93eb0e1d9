package dev.spectacles.proxy.simulator.scenario;

import java.time.Duration;

/**
 * A random delay: at least {@code min}, plus a part drawn by its shape, now and then plus a spike.
 *
 * @param spread width of the uniform part, or median of the log-normal one
 * @param sigma of the logarithm, for the log-normal shape
 */
public record DelaySpec(
    Shape shape,
    Duration min,
    Duration spread,
    double sigma,
    double spikeProbability,
    Duration spike) {

  /** Distribution of the part above the minimum. */
  public enum Shape {
    UNIFORM,
    LOG_NORMAL
  }

  public static DelaySpec none() {
    return uniform(Duration.ZERO, Duration.ZERO);
  }

  public static DelaySpec uniform(Duration min, Duration max) {
    return new DelaySpec(Shape.UNIFORM, min, max.minus(min), 0, 0, Duration.ZERO);
  }

  public static DelaySpec logNormal(Duration min, Duration median, double sigma) {
    return new DelaySpec(Shape.LOG_NORMAL, min, median.minus(min), sigma, 0, Duration.ZERO);
  }

  public DelaySpec withSpikes(double probability, Duration length) {
    return new DelaySpec(shape, min, spread, sigma, probability, length);
  }

  void writeTo(TextLine line) {
    line.with("shape", TextLine.nameOf(shape)).with("min", min).with("spread", spread);
    line.with("sigma", sigma);
    line.with("spike-probability", spikeProbability).with("spike", spike);
  }

  static DelaySpec from(TextLine line) {
    return new DelaySpec(
        line.constant("shape", Shape.class, Shape.UNIFORM),
        line.duration("min", Duration.ZERO),
        line.duration("spread", Duration.ZERO),
        line.decimal("sigma", 0),
        line.decimal("spike-probability", 0),
        line.duration("spike", Duration.ZERO));
  }
}
