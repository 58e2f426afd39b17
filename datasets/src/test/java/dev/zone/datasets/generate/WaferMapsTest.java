package dev.zone.datasets.generate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zone.conf.SourceSpec.Generator;
import dev.zone.datasets.generate.GeneratedColumns.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class WaferMapsTest {
  private static final int SIZE = 32;

  private static GeneratedColumns maps(int count, long seed, Map<String, Double> parameters) {
    return Generated.generate(Generator.WAFER_MAPS, count, seed, parameters);
  }

  @Test
  void drawsTheSameMapsOnEveryPlatform() {
    GeneratedColumns columns = maps(200, 1, Map.of());
    assertThat(columns.columns().keySet()).containsExactly("map", "defect");
    assertThat(Generated.of(columns, 200))
        .isEqualTo("f364e669873fc091100b8aabb5ec2568e324c5e2d0aec7792d11aa8ee8f86925");
  }

  @Test
  void drawsTheFirstMapsWhateverTheirNumber() {
    assertThat(Generated.of(maps(50, 3, Map.of()), 20))
        .isEqualTo(Generated.of(maps(20, 3, Map.of()), 20))
        .isNotEqualTo(Generated.of(maps(20, 4, Map.of()), 20));
  }

  @Test
  void sharesTheClassesEquallyOrAsInFactories() {
    Map<String, Double> equal = shares(maps(4500, 5, Map.of()));
    assertThat(equal).hasSize(9);
    assertThat(equal.values()).allSatisfy(share -> assertThat(share).isBetween(0.09, 0.133));
    Map<String, Double> real = shares(maps(4500, 5, Map.of("imbalance", 1.0)));
    assertThat(real.get("None")).isCloseTo(0.592, Offset.offset(0.03));
    assertThat(real.get("Edge-Ring")).isCloseTo(0.155, Offset.offset(0.02));
    assertThat(real.get("Near-full")).isLessThan(0.006);
  }

  private static Map<String, Double> shares(GeneratedColumns columns) {
    Map<String, Double> shares = new HashMap<>();
    for (String label : Generated.texts(columns, "defect")) {
      shares.merge(label, 1.0 / columns.rows(), Double::sum);
    }
    return shares;
  }

  @Test
  void placesDiesOnARoundWaferOfTheGivenSize() {
    GeneratedColumns columns = maps(20, 1, Map.of("size", 40.0));
    Tensor maps = (Tensor) columns.columns().get("map");
    assertThat(maps.shape()).containsExactly(40, 40);
    int dies = 0;
    for (int i = 0; i < maps.values().length; i++) {
      int row = i / 40 % 40;
      int column = i % 40;
      boolean inside = Math.hypot((column + 0.5) / 20 - 1, (row + 0.5) / 20 - 1) <= 1;
      assertThat(maps.values()[i] > 0).isEqualTo(inside);
      assertThat(maps.values()[i]).isBetween((byte) 0, (byte) 2);
      dies += inside ? 1 : 0;
    }
    assertThat(dies / 20.0 / 1600).isCloseTo(Math.PI / 4, Offset.offset(0.02));
  }

  @Test
  void failsWhereTheDefectIs() {
    Map<String, double[]> rings = failingByRing(maps(3000, 7, Map.of()));
    double[] none = rings.get("None");
    assertThat(Arrays.stream(none).max().getAsDouble()).isLessThan(0.2);
    double[] donut = rings.get("Donut");
    assertThat(donut[2]).isGreaterThan(2 * donut[0]).isGreaterThan(2 * donut[4]);
    double[] center = rings.get("Center");
    assertThat(center[0]).isGreaterThan(0.5).isGreaterThan(3 * center[3]);
    double[] ring = rings.get("Edge-Ring");
    assertThat(ring[4]).isGreaterThan(2 * ring[2]).isGreaterThan(2 * none[4]);
    double[] edge = rings.get("Edge-Loc");
    assertThat(edge[4]).isGreaterThan(1.2 * none[4]).isLessThan(ring[4]);
    assertThat(Arrays.stream(rings.get("Near-full")).min().getAsDouble()).isGreaterThan(0.7);
    double[] random = rings.get("Random");
    assertThat(random[0]).isBetween(0.25, 0.6).isCloseTo(random[3], Offset.offset(0.05));
  }

  /** Share of failing dies in five rings of equal width, over all maps of a class. */
  private static Map<String, double[]> failingByRing(GeneratedColumns columns) {
    Map<String, double[]> failing = new HashMap<>();
    Map<String, double[]> dies = new HashMap<>();
    byte[] maps = ((Tensor) columns.columns().get("map")).values();
    String[] labels = Generated.texts(columns, "defect");
    for (int i = 0; i < maps.length; i++) {
      if (maps[i] > 0) {
        String label = labels[i / (SIZE * SIZE)];
        int ring = ring(i % (SIZE * SIZE));
        failing.computeIfAbsent(label, key -> new double[5])[ring] += maps[i] == 2 ? 1 : 0;
        dies.computeIfAbsent(label, key -> new double[5])[ring]++;
      }
    }
    failing.forEach((label, shares) -> Arrays.setAll(shares, i -> shares[i] / dies.get(label)[i]));
    return failing;
  }

  private static int ring(int die) {
    double x = (die % SIZE + 0.5) * 2 / SIZE - 1;
    int row = die / SIZE;
    double y = (row + 0.5) * 2 / SIZE - 1;
    return Math.min(4, (int) (5 * Math.hypot(x, y)));
  }

  @Test
  void rewardsAModelThatLooksAtShapes() {
    GeneratedColumns columns = maps(3000, 11, Map.of());
    byte[] maps = ((Tensor) columns.columns().get("map")).values();
    String[] labels = Generated.texts(columns, "defect");
    List<double[]> pixels = new ArrayList<>();
    List<double[]> shapes = new ArrayList<>();
    for (int row = 0; row < labels.length; row++) {
      byte[] map = Arrays.copyOfRange(maps, row * SIZE * SIZE, (row + 1) * SIZE * SIZE);
      double[] values = new double[map.length];
      Arrays.setAll(values, i -> map[i]);
      pixels.add(values);
      shapes.add(shape(map));
    }
    double linear = Logistic.accuracy(pixels, labels, 0.003, 6);
    double informed = Logistic.accuracy(shapes, labels, 0.05, 20);
    assertThat(informed).isGreaterThan(linear + 0.1);
    assertThat(informed).as("classes overlap").isLessThan(0.97);
    assertThat(linear).as("far from chance").isGreaterThan(0.3);
  }

  /**
   * Failing shares by ring; of the densest squares, sorted; and how the failing dies with failing
   * neighbours lie: the same from all sides.
   */
  private static double[] shape(byte[] map) {
    double[] values = new double[5 + 64];
    double[] dies = new double[values.length];
    double[] sums = new double[8];
    for (int i = 0; i < map.length; i++) {
      if (map[i] > 0) {
        int square = 5 + i / SIZE / 4 * 8 + i % SIZE / 4;
        for (int bin : new int[] {ring(i), square}) {
          dies[bin]++;
          values[bin] += map[i] == 2 ? 1 : 0;
        }
        if (map[i] == 2 && failingNeighbours(map, i) >= 2) {
          double x = (i % SIZE + 0.5) * 2 / SIZE - 1;
          int row = i / SIZE;
          double y = (row + 0.5) * 2 / SIZE - 1;
          double radius = Math.hypot(x, y);
          double[] terms = {1, x, y, x * x, y * y, x * y, radius, radius * radius};
          Arrays.setAll(sums, k -> sums[k] + terms[k]);
        }
      }
    }
    Arrays.setAll(values, i -> values[i] / Math.max(4, dies[i]));
    Arrays.sort(values, 5, values.length);
    double[] result = Arrays.copyOf(values, 20);
    System.arraycopy(values, values.length - 10, result, 5, 10);
    result[15] = Math.log(1 + sums[0]);
    double count = Math.max(1, sums[0]);
    Arrays.setAll(sums, k -> sums[k] / count);
    double xx = sums[3] - sums[1] * sums[1];
    double yy = sums[4] - sums[2] * sums[2];
    double xy = sums[5] - sums[1] * sums[2];
    double apart = Math.sqrt((xx - yy) * (xx - yy) / 4 + xy * xy);
    result[16] = Math.sqrt(Math.max(0, (xx + yy) / 2 + apart));
    result[17] = Math.sqrt(Math.max(0, (xx + yy) / 2 - apart));
    result[18] = sums[6];
    result[19] = Math.sqrt(Math.max(0, sums[7] - sums[6] * sums[6]));
    return result;
  }

  private static int failingNeighbours(byte[] map, int die) {
    int failing = 0;
    for (int dy = -1; dy <= 1; dy++) {
      for (int dx = -1; dx <= 1; dx++) {
        int row = die / SIZE + dy;
        int column = die % SIZE + dx;
        boolean inside = row >= 0 && row < SIZE && column >= 0 && column < SIZE;
        failing += inside && (dx != 0 || dy != 0) && map[row * SIZE + column] == 2 ? 1 : 0;
      }
    }
    return failing;
  }
}
