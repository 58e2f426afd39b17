package dev.zone.datasets.generate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zone.conf.SourceSpec.Generator;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class CanFramesTest {
  private static GeneratedColumns frames(int count, long seed, Map<String, Double> parameters) {
    return Generated.generate(Generator.CAN_FRAMES, count, seed, parameters);
  }

  @Test
  void recordsTheSameFramesOnEveryPlatform() {
    GeneratedColumns columns = frames(5000, 1, Map.of());
    assertThat(columns.columns().keySet())
        .containsExactly(
            "time", "id", "byte0", "byte1", "byte2", "byte3", "byte4", "byte5", "byte6", "byte7",
            "label");
    assertThat(columns.time()).contains("time");
    assertThat(columns.group()).isEmpty();
    assertThat(Generated.of(columns, 5000))
        .isEqualTo("e164343ba7480269893f5afa2d15c11089fe438bfa8de866c24758b3862e02e9");
  }

  @Test
  void recordsTheFirstFramesWhateverTheirNumber() {
    assertThat(Generated.of(frames(3000, 3, Map.of()), 1000))
        .isEqualTo(Generated.of(frames(1000, 3, Map.of()), 1000))
        .isNotEqualTo(Generated.of(frames(1000, 4, Map.of()), 1000));
  }

  @Test
  void keepsTheAttacksShare() {
    for (double share : new double[] {0, 0.05, 0.2, 0.6}) {
      Map<String, Double> shares = new HashMap<>();
      for (String label :
          Generated.texts(frames(100_000, 2, Map.of("attackShare", share)), "label")) {
        shares.merge(label, 1e-5, Double::sum);
      }
      assertThat(1 - shares.get("normal")).isCloseTo(share, Offset.offset(0.02 + 0.1 * share));
      assertThat(shares).hasSize(share == 0 ? 1 : 4);
    }
  }

  @Test
  void putsOneFrameAfterTheOtherOnTheBus() {
    GeneratedColumns columns = frames(20_000, 5, Map.of());
    double[] time = Generated.numbers(columns, "time");
    for (int row = 1; row < time.length; row++) {
      assertThat(time[row] - time[row - 1]).isGreaterThan(0.000238);
    }
    for (int i = 0; i < 8; i++) {
      for (double value : Generated.numbers(columns, "byte" + i)) {
        assertThat(value).isBetween(0.0, 255.0).isEqualTo(Math.rint(value));
      }
    }
  }

  @Test
  void sendsPeriodicallyWithCountersAndSumsInOrder() {
    GeneratedColumns columns = frames(20_000, 6, Map.of("attackShare", 0.0));
    double[] time = Generated.numbers(columns, "time");
    double[] id = Generated.numbers(columns, "id");
    double[] counter = Generated.numbers(columns, "byte6");
    Map<Integer, Integer> last = new HashMap<>();
    Map<Integer, Integer> count = new HashMap<>();
    for (int row = 0; row < time.length; row++) {
      int sum = (int) id[row];
      for (int i = 0; i < 7; i++) {
        sum += (int) Generated.numbers(columns, "byte" + i)[row];
      }
      assertThat(Generated.numbers(columns, "byte7")[row]).isEqualTo(sum & 255);
      Integer before = last.put((int) id[row], row);
      if (before != null) {
        assertThat(counter[row]).isEqualTo((counter[before] + 1) % 16);
      }
      count.merge((int) id[row], 1, Integer::sum);
    }
    for (Sender sender : Sender.values()) {
      assertThat(count.get(sender.id()) * sender.period() / time[time.length - 1])
          .isCloseTo(1, Offset.offset(0.02));
    }
  }

  @Test
  void drivesAsCarsDo() {
    GeneratedColumns columns = frames(200_000, 7, Map.of("attackShare", 0.0));
    double[] id = Generated.numbers(columns, "id");
    double[] high = Generated.numbers(columns, "byte0");
    double[] low = Generated.numbers(columns, "byte1");
    double fastest = 0;
    double before = 0;
    for (int row = 0; row < id.length; row++) {
      double value = 256 * high[row] + low[row];
      if (id[row] == Sender.SPEED.id()) {
        fastest = Math.max(fastest, value / 360);
        // Less than the grip of tyres, over 50 ms.
        assertThat(Math.abs(value - before) / 360 / 0.05).isLessThan(10);
        before = value;
      } else if (id[row] == Sender.ENGINE.id()) {
        assertThat(value / 4).isBetween(700.0, 4500.0);
      }
    }
    assertThat(fastest).isBetween(20.0, 50.0);
  }

  @Test
  void rewardsAModelThatLooksAtTheNeighbours() {
    GeneratedColumns columns = frames(60_000, 8, Map.of());
    double[] time = Generated.numbers(columns, "time");
    double[] id = Generated.numbers(columns, "id");
    String[] labels = Generated.texts(columns, "label");
    String[] attacked = new String[labels.length];
    Map<Double, Double> last = new HashMap<>();
    List<double[]> single = new ArrayList<>();
    List<double[]> neighbours = new ArrayList<>();
    for (int row = 0; row < labels.length; row++) {
      attacked[row] = labels[row].equals("normal") ? "normal" : "attack";
      double[] frame = new double[9];
      frame[0] = id[row];
      for (int i = 0; i < 8; i++) {
        frame[i + 1] = Generated.numbers(columns, "byte" + i)[row];
      }
      single.add(frame);
      double previous = last.getOrDefault(id[row], -1.0);
      last.put(id[row], time[row]);
      double gap = Math.log(Math.min(0.2, time[row] - previous));
      double load = row < 20 ? 0 : Math.log(time[row] - time[row - 20]);
      neighbours.add(new double[] {gap, load});
    }
    double alone = Logistic.accuracy(single, attacked, 0.01, 3);
    double informed = Logistic.accuracy(neighbours, attacked, 0.01, 3);
    assertThat(informed).isGreaterThan(alone + 0.05).isLessThan(0.99);
  }
}
