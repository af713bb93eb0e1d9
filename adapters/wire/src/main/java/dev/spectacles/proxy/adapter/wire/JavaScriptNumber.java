package dev.spectacles.proxy.adapter.wire;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * Floats as {@code String(x)} of JavaScript prints them: {@code 1.0} as {@code 1}, {@code 1e21} as
 * {@code 1e+21}.
 *
 * <p>Source: ECMA-262, Number::toString.
 */
final class JavaScriptNumber {
  /** Powers of ten from and up to which digits are written out. */
  private static final int SMALLEST_PLAIN = -6;

  private static final int LARGEST_PLAIN = 21;

  private JavaScriptNumber() {}

  static String of(double value) {
    if (value == 0) {
      return "0";
    }
    if (!Double.isFinite(value)) {
      return Double.toString(value);
    }
    var shortest = new BigDecimal(Double.toString(value));
    // Java prints two digits at least, JavaScript one where it does: 4.9E-324 is 5e-324.
    var single = shortest.round(new MathContext(1, RoundingMode.HALF_EVEN));
    return print(single.doubleValue() == value ? single : shortest);
  }

  /** A float of 32 bits in its own shortest digits, 0.1 instead of 0.10000000149011612. */
  static String of(float value) {
    return value == 0 || !Float.isFinite(value)
        ? of((double) value)
        : print(new BigDecimal(Float.toString(value)));
  }

  private static String print(BigDecimal value) {
    BigDecimal bare = value.abs().stripTrailingZeros();
    String digits = bare.unscaledValue().toString();
    int count = digits.length();
    // The value is 0.digits * 10^point.
    int point = count - bare.scale();
    var text = new StringBuilder(value.signum() < 0 ? "-" : "");
    if (point > LARGEST_PLAIN || point <= SMALLEST_PLAIN) {
      text.append(digits.charAt(0));
      if (count > 1) {
        text.append('.').append(digits, 1, count);
      }
      text.append('e').append(point > 0 ? "+" : "").append(point - 1);
    } else if (point <= 0) {
      text.append("0.").append("0".repeat(-point)).append(digits);
    } else if (point >= count) {
      text.append(digits).append("0".repeat(point - count));
    } else {
      text.append(digits, 0, point).append('.').append(digits, point, count);
    }
    return text.toString();
  }
}
