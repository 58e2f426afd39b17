package dev.zone.datasets.generate;

import dev.zone.conf.SourceSpec;
import dev.zone.conf.error.Problems;
import dev.zone.datasets.SeededRandom;
import dev.zone.datasets.generate.GeneratedColumns.Column;
import dev.zone.datasets.generate.GeneratedColumns.Tensor;
import dev.zone.datasets.generate.GeneratedColumns.Texts;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Wafer maps with the nine defect classes of WM-811K. Column {@code map}: [size, size] bytes, 0 no
 * die, 1 passed, 2 failed. Column {@code defect}: the class.
 *
 * <p>A die fails by the background or by the class's process. The background's rate differs from
 * wafer to wafer as a gamma variable, which makes failures negative-binomial (Stapper, "Modeling of
 * integrated circuit defect sensitivities", IBM J. Res. Dev. 27(6), 1983), and rises towards the
 * edge, as real yield falls there. The classes' shapes follow the descriptions and pictures of Wu,
 * Jang and Chen (see {@link Defect}). Some wafers carry a faint trace of another process, which is
 * where classes overlap.
 *
 * <p>Parameters: {@code size} of the map, 24 to 64 (32); {@code imbalance}, 0 for equal classes to
 * 1 for WM-811K's shares (0); {@code difficulty}, 0 to 1: how faint processes are and how often
 * traces of others disturb (0.5).
 */
final class WaferMaps {
  private static final Defect[] CLASSES = Defect.values();

  /** An array's limit. */
  private static final long BYTES_LIMIT = Integer.MAX_VALUE - 8L;

  private final Wafer wafer;
  private final DefectProcesses processes;
  private final long seed;
  private final double[] cumulative = new double[CLASSES.length];
  private final double difficulty;

  private WaferMaps(long seed, int size, double imbalance, double difficulty) {
    this.seed = seed;
    this.difficulty = difficulty;
    wafer = new Wafer(size);
    processes = new DefectProcesses(wafer);
    double sum = 0;
    for (int i = 0; i < CLASSES.length; i++) {
      sum += (1 - imbalance) / CLASSES.length + imbalance * CLASSES[i].realShare();
      cumulative[i] = sum;
    }
  }

  static void generate(
      SourceSpec.Generated source,
      int mostValues,
      Consumer<GeneratedColumns> pieces,
      Problems problems) {
    Parameters parameters = new Parameters("waferMaps", source.parameters(), problems);
    int size = parameters.whole("size", 32, 24, 64);
    double imbalance = parameters.number("imbalance", 0, 0, 1);
    double difficulty = parameters.number("difficulty", 0.5, 0, 1);
    parameters.refuseOthers();
    int each =
        parameters.perPiece(source.count(), "maps", (double) size * size, BYTES_LIMIT, mostValues);
    if (!problems.isEmpty()) {
      return;
    }
    WaferMaps maps = new WaferMaps(source.seed(), size, imbalance, difficulty);
    for (int from = 0; from < source.count(); from += each) {
      pieces.accept(maps.draw(from, Math.min(each, source.count() - from), size));
    }
  }

  private GeneratedColumns draw(int from, int count, int size) {
    int bytes = size * size;
    byte[] values = new byte[count * bytes];
    String[] labels = new String[count];
    for (int i = 0; i < count; i++) {
      labels[i] = drawOne(from + i, values, i * bytes).label();
    }
    Map<String, Column> columns = new LinkedHashMap<>();
    columns.put("map", new Tensor(values, List.of(size, size)));
    columns.put("defect", new Texts(labels));
    return new GeneratedColumns(count, columns, Optional.empty(), Optional.empty());
  }

  /** Draws one map; it depends on the seed and its number alone. */
  private Defect drawOne(int number, byte[] into, int start) {
    SeededRandom random = new SeededRandom(SeededRandom.mix(seed, number, 0));
    double share = random.nextDouble() * cumulative[CLASSES.length - 1];
    int chosen = 0;
    while (share >= cumulative[chosen]) {
      chosen++;
    }
    wafer.clear();
    background(random);
    double strength = 0.97 - difficulty * random.nextDouble(0, 0.6);
    processes.add(CLASSES[chosen], strength, random);
    if (random.nextDouble() < 0.6 * difficulty) {
      processes.trace(random.nextDouble(0.15, 0.4), random);
    }
    wafer.test(random, into, start);
    return CLASSES[chosen];
  }

  private void background(SeededRandom random) {
    // Gamma with shape 3 is the sum of three exponential variables.
    double gamma = random.nextExponential() + random.nextExponential() + random.nextExponential();
    double rate = Math.min(0.25, 0.01 + (0.01 + 0.02 * difficulty) * gamma);
    double edge = random.nextDouble(0, 2);
    for (int die = 0; die < wafer.dies(); die++) {
      double squared = wafer.radius(die) * wafer.radius(die);
      wafer.raise(die, rate * (1 + edge * squared * squared));
    }
  }
}
