package dev.spectacles.proxy.adapter.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class JavaScriptNumberTest {
  @Test
  void of_everyNumberOfNode_isPrintedTheSame() {
    List<String> lines = Clients.lines("numbers.txt");

    assertThat(lines).hasSizeGreaterThan(300);
    for (String line : lines) {
      String[] parts = line.split(" ");
      double value = Double.longBitsToDouble(Long.parseUnsignedLong(parts[0], 16));
      assertThat(JavaScriptNumber.of(value)).as(line).isEqualTo(parts[1]);
    }
  }

  @Test
  void of_float32_hasItsOwnShortestDigits() {
    assertThat(JavaScriptNumber.of(0.1f)).isEqualTo("0.1");
    assertThat(JavaScriptNumber.of(16_777_216f)).isEqualTo("16777216");
    assertThat(JavaScriptNumber.of(-0f)).isEqualTo("0");
    assertThat(JavaScriptNumber.of(Float.NaN)).isEqualTo("NaN");
    assertThat(JavaScriptNumber.of(1e-7f)).isEqualTo("1e-7");
  }
}
