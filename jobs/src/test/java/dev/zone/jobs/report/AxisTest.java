package dev.zone.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AxisTest {
  private static Iterable<String> labels(Axis axis) {
    return axis.ticks().stream().map(Axis.Tick::label).toList();
  }

  @Test
  void ticksAreRoundNumbers() {
    assertThat(labels(Axis.round(0.13, 1.92, 0, 200, 6)))
        .containsExactly("0.0", "0.5", "1.0", "1.5", "2.0");
    assertThat(labels(Axis.exact(1, 12, 0, 300, 6, true)))
        .containsExactly("2", "4", "6", "8", "10", "12");
    assertThat(labels(Axis.exact(1, 2, 0, 300, 6, true))).containsExactly("1", "2");
    assertThat(labels(Axis.exact(1, 1, 0, 300, 6, true))).containsExactly("1", "2");
    assertThat(labels(Axis.round(-40, 44, 0, 300, 6)))
        .containsExactly("-40", "-20", "0", "20", "40", "60");
    assertThat(labels(Axis.round(0, 37_348, 0, 300, 5)))
        .containsExactly("0", "10k", "20k", "30k", "40k");
    assertThat(labels(Axis.round(0, 0.00001, 0, 300, 5)))
        .containsExactly("0", "2e-6", "4e-6", "6e-6", "8e-6", "1.0e-5");
    assertThat(labels(Axis.round(5, 5, 0, 300, 5))).hasSizeGreaterThan(1);
  }

  @Test
  void logarithmicTicksAreRoundNumbers() {
    assertThat(labels(Axis.log(0.02, 3, 0, 300)))
        .containsExactly("0.02", "0.05", "0.1", "0.2", "0.5", "1", "2");
    assertThat(labels(Axis.log(0.5, 20_000, 0, 300)))
        .containsExactly("1", "10", "100", "1000", "10k");
    assertThat(labels(Axis.log(1e-8, 1, 0, 300))).hasSizeBetween(3, 7).contains("1e-8", "1");
  }

  @Test
  void labelsNeverOverlapWhateverTheRange() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 5000; i++) {
      double size = Math.pow(10, random.nextInt(-7, 9));
      double low = random.nextDouble(-1, 1) * size;
      double high = low + random.nextDouble(0, 1) * size;
      for (Axis axis :
          new Axis[] {
            Axis.exact(low, high, 40, 400, 7, random.nextBoolean()),
            Axis.round(low, high, 40, 400, 7)
          }) {
        for (int tick = 1; tick < axis.ticks().size(); tick++) {
          Axis.Tick last = axis.ticks().get(tick - 1);
          Axis.Tick next = axis.ticks().get(tick);
          double half = (last.label().length() + next.label().length()) / 2.0 * Axis.DIGIT;
          assertThat(next.at() - last.at()).as("%s to %s", low, high).isGreaterThan(half);
          assertThat(next.label()).as("%s to %s", low, high).isNotEqualTo(last.label());
        }
      }
    }
  }

  @Test
  void wordsAreForPeople() {
    assertThat(Words.metric(0.93125)).isEqualTo("0.9313");
    assertThat(Words.metric(14.9)).isEqualTo("14.90");
    assertThat(Words.metric(1204.4)).isEqualTo("1,204");
    assertThat(Words.metric(0.00001)).isEqualTo("1.000e-05");
    assertThat(Words.number(0.001)).isEqualTo("0.001");
    assertThat(Words.number(0.0000125)).isEqualTo("1.250e-05");
    assertThat(Words.number(12.5)).isEqualTo("12.5");
    assertThat(Words.duration(8.44)).isEqualTo("8.4 s");
    assertThat(Words.duration(125)).isEqualTo("2 min 5 s");
    assertThat(Words.duration(12_000)).isEqualTo("3 h 20 min");
    assertThat(Words.time("yesterday")).isEqualTo("yesterday");
    assertThat(Words.cut("Near-full", 5)).isEqualTo("Near…");
  }
}
