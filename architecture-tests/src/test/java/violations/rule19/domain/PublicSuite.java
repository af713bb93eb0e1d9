package violations.rule19.domain;

import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Not named like a test, so it is not run as one. */
public class PublicSuite {
  @Test
  public void plain() {}

  @ParameterizedTest
  @ValueSource(ints = 1)
  public void parameterized(int value) {}

  // Planted for rule 19 to refuse; its name keeps it from being run as a test.
  @Disabled
  @Test
  void disabled() {}
}
