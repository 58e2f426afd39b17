package dev.zone.conf;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ColumnPatternsTest {
  @ParameterizedTest
  @CsvSource({
    "V*, V12, true", "V*, V, true", "V*, W1, false", "*, x, true", "a*b*c, a1b2c, true",
    "a*b*c, abbc, true", "a*b*c, ac, false", "*ab, aab, true", "x, x, true", "x, y, false",
    "a.c, abc, false", "[a], [a], true",
  })
  void matchesNames(String pattern, String name, boolean expected) {
    assertThat(ColumnPatterns.matches(pattern, name)).isEqualTo(expected);
    assertThat(ColumnPatterns.overlap(pattern, name)).isEqualTo(expected);
    assertThat(ColumnPatterns.overlap(name, pattern)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "V*, V*, true",
    "V*, *1, true",
    "V*, W*, false",
    "a*, *b, true",
    "ab*, a*c, true",
    "ab*, ac*, false",
    "a*x, b*, false",
  })
  void knowsWhetherTwoPatternsMeet(String a, String b, boolean expected) {
    assertThat(ColumnPatterns.overlap(a, b)).isEqualTo(expected);
    assertThat(ColumnPatterns.overlap(b, a)).isEqualTo(expected);
  }
}
