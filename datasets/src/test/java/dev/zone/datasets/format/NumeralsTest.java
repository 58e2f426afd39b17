package dev.zone.datasets.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zone.datasets.SeededRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NumeralsTest {
  private static double parse(String text) {
    return Numerals.parse(("x" + text + "x").toCharArray(), 1, text.length());
  }

  @Test
  void roundsAsJavaDoes() {
    SeededRandom random = new SeededRandom(5);
    for (int i = 0; i < 20_000; i++) {
      double value = (random.nextDouble() - 0.5) * Math.pow(10, random.nextInt(60) - 30);
      String text =
          i % 2 == 0 ? Double.toString(value) : new java.math.BigDecimal(value).toPlainString();
      assertThat(parse(text)).as(text).isEqualTo(Double.parseDouble(text));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-0.0",
        "+7",
        ".5",
        "5.",
        "0000000000000000000000012",
        "9007199254740993",
        "1e5",
        "1E-400",
        "0.30000000000000000000000000001",
        "123456789012345678901234567890"
      })
  void readsNumerals(String text) {
    assertThat(parse(text)).isEqualTo(Double.parseDouble(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-",
        ".",
        "1e",
        "1.2.3",
        "1,5",
        "NaN",
        "Infinity",
        "1d",
        "0x1p3",
        "1 2",
        "1e999",
        "--1"
      })
  void refusesWhatIsNoFiniteDecimal(String text) {
    assertThat(parse(text)).isNaN();
  }
}
