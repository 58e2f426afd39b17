package dev.zone.datasets.generate;

import dev.zone.conf.SourceSpec;
import dev.zone.conf.error.Problems;
import dev.zone.datasets.SeededRandom;
import dev.zone.datasets.generate.GeneratedColumns.Column;
import dev.zone.datasets.generate.GeneratedColumns.Numbers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Machines that run until they fail. Columns: {@code unit} (from 1), {@code cycle} (from 1), {@code
 * setting1} (load, 1 is nominal), {@code setting2} (ambient temperature, degrees Celsius), {@code
 * sensor1} to {@code sensor12}, {@code rul} (cycles left, 0 at the last).
 *
 * <p>The model follows Saxena, Goebel, Simon and Eklund, "Damage Propagation Modeling for Aircraft
 * Engine Run-to-Failure Simulation" (PHM 2008): hidden wear starts at a random initial quality and
 * grows at a rate proportional to what there is, with process noise; the unit fails when it reaches
 * a threshold; sensors answer to operation and wear with noise, and never show wear itself. Growth
 * rises with load by a power law, as in the Basquin relation of fatigue. Each unit's sensors have
 * their own offsets, so a single row says less than its history.
 *
 * <p>Parameters: {@code meanLife}, cycles, 30 to 2000 (150); {@code noise}, factor on the sensors'
 * noise, 0 to 5 (1).
 */
final class RunToFailure {
  /** Of numbers: 1.6 GB. */
  private static final long VALUES_LIMIT = 200_000_000;

  private static final int SENSORS = 12;
  private static final int COLUMNS = 4 + SENSORS + 1;

  /** Wear's growth is proportional to 1 + this times wear. */
  private static final double ACCELERATION = 3;

  private static final double LOAD_EXPONENT = 2.5;

  /** Memory is asked for in steps of a half, and lives differ: room in mean lives. */
  private static final double ROOM = 2;

  /**
   * How a sensor answers.
   *
   * @param load to load beyond nominal
   * @param ambient to a degree more than 20
   * @param wear to full wear at nominal load
   * @param power of wear: above 1, early wear hardly shows
   * @param noise standard deviation
   */
  private record Sensor(
      double base, double load, double ambient, double wear, double power, double noise) {
    double read(double loadNow, double ambientNow, double wearNow) {
      // Worn machines feel load more.
      double damage = wear * StrictMath.pow(wearNow, power) * (0.5 + 0.5 * loadNow);
      return base + load * (loadNow - 1) + ambient * (ambientNow - 20) + damage;
    }
  }

  private static final List<Sensor> ANSWERS =
      List.of(
          new Sensor(642, 6, 0.3, 4, 1, 2.4),
          new Sensor(1590, 40, 1.0, 35, 2, 20),
          new Sensor(1400, 60, 0.8, 50, 1.2, 28),
          new Sensor(554, 15, 0, -6, 2, 3.6),
          new Sensor(2388, 25, 0, 12, 3, 6),
          new Sensor(47, 5, 0.05, 2.5, 1, 1.4),
          new Sensor(522, -12, 0.1, -5, 2, 3.2),
          new Sensor(8.4, 0.4, 0, 0.3, 2.5, 0.16),
          new Sensor(39, -3, 0.02, -1.5, 1.2, 1),
          new Sensor(0.3, 0.2, 0, 0.25, 3, 0.1),
          // Ambient temperature again, and the supply voltage: nothing about wear.
          new Sensor(20, 0, 1, 0, 1, 0.8),
          new Sensor(24, -0.2, 0, 0, 1, 0.1));

  private final long seed;
  private final double meanLife;
  private final double noise;
  private final double[][] columns = new double[COLUMNS][1024];
  private int rows;

  private RunToFailure(long seed, double meanLife, double noise) {
    this.seed = seed;
    this.meanLife = meanLife;
    this.noise = noise;
  }

  static void generate(
      SourceSpec.Generated source,
      int mostValues,
      Consumer<GeneratedColumns> pieces,
      Problems problems) {
    Parameters parameters = new Parameters("runToFailure", source.parameters(), problems);
    double meanLife = parameters.number("meanLife", 150, 30, 2000);
    double noise = parameters.number("noise", 1, 0, 5);
    parameters.refuseOthers();
    int each =
        parameters.perPiece(
            source.count(), "units", meanLife * ROOM * COLUMNS, VALUES_LIMIT, mostValues);
    if (!problems.isEmpty()) {
      return;
    }
    for (int from = 0; from < source.count(); from += each) {
      RunToFailure machines = new RunToFailure(source.seed(), meanLife, noise);
      for (int unit = from + 1; unit <= Math.min(source.count(), from + each); unit++) {
        machines.run(unit);
      }
      pieces.accept(machines.columns());
    }
  }

  private GeneratedColumns columns() {
    Map<String, Column> named = new LinkedHashMap<>();
    List<String> names = names();
    for (int i = 0; i < COLUMNS; i++) {
      named.put(names.get(i), new Numbers(Arrays.copyOf(columns[i], rows)));
    }
    return new GeneratedColumns(rows, named, Optional.of("unit"), Optional.of("cycle"));
  }

  private static List<String> names() {
    List<String> names = new ArrayList<>(List.of("unit", "cycle", "setting1", "setting2"));
    for (int i = 1; i <= SENSORS; i++) {
      names.add("sensor" + i);
    }
    names.add("rul");
    return names;
  }

  /** Runs one unit to its end; it depends on the seed and its number alone. */
  private void run(int unit) {
    SeededRandom random = new SeededRandom(SeededRandom.mix(seed, unit, 0));
    double wear = 0.02 + 0.1 * random.nextDouble();
    double life = StrictMath.log((1 + ACCELERATION) / (1 + 0.07 * ACCELERATION)) / ACCELERATION;
    double rate = life / meanLife * StrictMath.exp(0.12 * bounded(random));
    double[] offsets = new double[SENSORS];
    for (int i = 0; i < SENSORS; i++) {
      offsets[i] = 0.2 * noise * ANSWERS.get(i).noise * random.nextGaussian();
    }
    double level = 1;
    double load = 1;
    double ambient = random.nextDouble(10, 30);
    int first = rows;
    while (wear < 1) {
      // Orders keep a load level for some twenty cycles; around it the load drifts.
      if (rows == first || random.nextDouble() < 0.05) {
        level = 0.75 + 0.25 * random.nextInt(3);
      }
      load += 0.5 * (level - load) + 0.03 * bounded(random);
      ambient += 0.1 * (20 - ambient) + 1.5 * bounded(random);
      append(random, unit, rows - first + 1, new double[] {load, ambient, wear}, offsets);
      double stress = StrictMath.pow(Math.max(0.5, load), LOAD_EXPONENT);
      wear += rate * stress * (1 + ACCELERATION * wear) * StrictMath.exp(0.3 * bounded(random));
    }
    for (int row = first; row < rows; row++) {
      columns[COLUMNS - 1][row] = rows - 1 - row;
    }
  }

  /** Normal, cut at three deviations: no life is endless. */
  private static double bounded(SeededRandom random) {
    return Math.max(-3, Math.min(3, random.nextGaussian()));
  }

  /**
   * @param state load, ambient temperature and wear
   */
  private void append(SeededRandom random, int unit, int cycle, double[] state, double[] offsets) {
    if (rows == columns[0].length) {
      for (int i = 0; i < COLUMNS; i++) {
        columns[i] = Arrays.copyOf(columns[i], rows + rows / 2);
      }
    }
    columns[0][rows] = unit;
    columns[1][rows] = cycle;
    columns[2][rows] = rounded(state[0]);
    columns[3][rows] = rounded(state[1]);
    for (int i = 0; i < SENSORS; i++) {
      Sensor sensor = ANSWERS.get(i);
      double value = sensor.read(state[0], state[1], state[2]);
      value += offsets[i] + noise * sensor.noise * random.nextGaussian();
      columns[4 + i][rows] = rounded(value);
    }
    rows++;
  }

  /** To the four decimals that such recorders give. */
  private static double rounded(double value) {
    return Math.rint(value * 1e4) / 1e4;
  }
}
