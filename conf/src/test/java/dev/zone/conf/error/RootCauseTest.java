package dev.zone.conf.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class RootCauseTest {
  @Test
  void tellsTheFirstLineOfTheInnermostCause() {
    IOException inner = new IOException("no route\nretried 3 times");
    assertThat(RootCause.line(new RuntimeException("around", new IOException("it", inner))))
        .isEqualTo("no route");
    assertThat(RootCause.of(inner)).isSameAs(inner);
  }

  @Test
  void tellsTheKindOfACauseWithoutWords() {
    assertThat(RootCause.line(new RuntimeException("around", new IOException())))
        .isEqualTo("IOException");
    assertThat(RootCause.line(new IOException("\n"))).isEqualTo("IOException");
  }

  @Test
  void comesToAnEndInACircle() {
    Exception first = new Exception("first");
    Exception second = new Exception("second", first);
    first.initCause(second);
    assertThat(RootCause.line(first)).isIn("first", "second");
  }
}
