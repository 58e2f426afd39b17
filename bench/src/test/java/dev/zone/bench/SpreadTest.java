package dev.zone.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpreadTest {
  @Test
  void medianIsTheMiddleOneOrBetweenTheTwo() {
    assertThat(Spread.of(List.of(9.0, 1.0, 2.0))).isEqualTo(new Spread(1, 2, 9));
    assertThat(Spread.of(List.of(4.0, 1.0, 2.0, 9.0)).median()).isEqualTo(3);
  }

  @Test
  void textHasLeastAndMost() {
    assertThat(Spread.of(List.of(1000.0, 3000.0, 2000.0)).text("%,.0f"))
        .isEqualTo("2,000 (1,000..3,000)");
  }
}
