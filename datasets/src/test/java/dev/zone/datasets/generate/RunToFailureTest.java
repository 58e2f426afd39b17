package dev.zone.datasets.generate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zone.conf.SourceSpec.Generator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class RunToFailureTest {
  private static GeneratedColumns units(int count, long seed, Map<String, Double> parameters) {
    return Generated.generate(Generator.RUN_TO_FAILURE, count, seed, parameters);
  }

  @Test
  void runsTheSameUnitsOnEveryPlatform() {
    GeneratedColumns columns = units(10, 1, Map.of());
    assertThat(columns.columns().keySet())
        .containsExactly(
            "unit",
            "cycle",
            "setting1",
            "setting2",
            "sensor1",
            "sensor2",
            "sensor3",
            "sensor4",
            "sensor5",
            "sensor6",
            "sensor7",
            "sensor8",
            "sensor9",
            "sensor10",
            "sensor11",
            "sensor12",
            "rul");
    assertThat(columns.group()).contains("unit");
    assertThat(columns.time()).contains("cycle");
    assertThat(Generated.of(columns, columns.rows()))
        .isEqualTo("85a7ea6b958af33d9b0665d456a3def8f5d4831c951a802580f00470043e0158");
  }

  @Test
  void runsTheFirstUnitsWhateverTheirNumber() {
    GeneratedColumns two = units(2, 3, Map.of());
    assertThat(Generated.of(units(5, 3, Map.of()), two.rows()))
        .isEqualTo(Generated.of(two, two.rows()))
        .isNotEqualTo(Generated.of(units(5, 4, Map.of()), two.rows()));
  }

  @Test
  void countsCyclesUpAndLifeDown() {
    GeneratedColumns columns = units(20, 2, Map.of());
    double[] unit = Generated.numbers(columns, "unit");
    double[] cycle = Generated.numbers(columns, "cycle");
    double[] rul = Generated.numbers(columns, "rul");
    for (int row = 0; row < columns.rows(); row++) {
      boolean first = row == 0 || unit[row] != unit[row - 1];
      boolean last = row + 1 == columns.rows() || unit[row] != unit[row + 1];
      assertThat(cycle[row]).isEqualTo(first ? 1 : cycle[row - 1] + 1);
      assertThat(rul[row]).isEqualTo(last ? 0 : rul[row + 1] + 1);
    }
    assertThat(unit[columns.rows() - 1]).isEqualTo(20);
  }

  @Test
  void livesAsLongAsAsked() {
    for (double mean : new double[] {60, 150, 400}) {
      double rows = units(200, 5, Map.of("meanLife", mean)).rows();
      assertThat(rows / 200 / mean).isCloseTo(1, Offset.offset(0.15));
    }
  }

  @Test
  void diesEarlierUnderLoad() {
    GeneratedColumns columns = units(200, 6, Map.of());
    double[] unit = Generated.numbers(columns, "unit");
    double[] load = Generated.numbers(columns, "setting1");
    double[] loads = new double[200];
    double[] lives = new double[200];
    for (int row = 0; row < columns.rows(); row++) {
      loads[(int) unit[row] - 1] += load[row];
      lives[(int) unit[row] - 1]++;
    }
    for (int i = 0; i < 200; i++) {
      loads[i] /= lives[i];
    }
    assertThat(correlation(loads, lives)).isLessThan(-0.2);
  }

  @Test
  void rewardsAModelThatLooksAtHistory() {
    GeneratedColumns columns = units(100, 7, Map.of());
    double[] unit = Generated.numbers(columns, "unit");
    double[] rul = Generated.numbers(columns, "rul");
    List<double[]> single = new ArrayList<>();
    List<double[]> windows = new ArrayList<>();
    for (int row = 29; row < columns.rows(); row++) {
      if (unit[row] == unit[row - 29]) {
        double[] now = new double[15];
        double[] history = new double[43];
        for (int i = 0; i < 14; i++) {
          String name = i < 2 ? "setting" + (i + 1) : "sensor" + (i - 1);
          double[] values = Generated.numbers(columns, name);
          now[i] = values[row];
          history[i] = values[row];
          for (int back = 0; back < 30; back++) {
            history[14 + i] += values[row - back];
            history[28 + i] += values[row - back] * (15 - back);
          }
        }
        now[14] = Math.min(100, rul[row]);
        history[42] = now[14];
        single.add(now);
        windows.add(history);
      }
    }
    double alone = LeastSquares.error(single);
    double informed = LeastSquares.error(windows);
    assertThat(alone).as("better than the mean").isLessThan(28);
    assertThat(informed).isLessThan(0.85 * alone).isGreaterThan(5);
  }

  @Test
  void saysNothingOfWearInTheLastSensors() {
    GeneratedColumns columns = units(100, 8, Map.of());
    double[] rul = Generated.numbers(columns, "rul");
    assertThat(correlation(Generated.numbers(columns, "sensor12"), rul))
        .isCloseTo(0, Offset.offset(0.1));
    assertThat(correlation(Generated.numbers(columns, "sensor11"), rul))
        .isCloseTo(0, Offset.offset(0.1));
    assertThat(correlation(Generated.numbers(columns, "sensor3"), rul)).isLessThan(-0.4);
  }

  private static double correlation(double[] x, double[] y) {
    double meanX = 0;
    double meanY = 0;
    for (int i = 0; i < x.length; i++) {
      meanX += x[i] / x.length;
      meanY += y[i] / x.length;
    }
    double xx = 0;
    double yy = 0;
    double xy = 0;
    for (int i = 0; i < x.length; i++) {
      xx += (x[i] - meanX) * (x[i] - meanX);
      yy += (y[i] - meanY) * (y[i] - meanY);
      xy += (x[i] - meanX) * (y[i] - meanY);
    }
    return xy / Math.sqrt(xx * yy);
  }
}
