package dev.zone.datasets.format;

import dev.zone.conf.SplitSpec.Split;
import dev.zone.conf.error.Problems;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/** What is left of units at their last rows, as a file has it: a number a line, a line a unit. */
public final class UnitEnds {
  private static final int MOST = 10_000_000;

  private UnitEnds() {}

  /**
   * What is left of each unit.
   *
   * @param units in the order of their first rows; if all are numbers, the file's order is theirs
   * @param file with as many numbers
   * @param name of the file, for people
   * @param problems receives what is wrong with the file
   * @return in the order of the units; empty if there were problems
   */
  public static Optional<double[]> of(
      List<String> units, Split split, Path file, String name, Problems problems) {
    double[][] left = new double[1][];
    Faults.gather(name, problems, () -> left[0] = read(units, split, file, Limits.DEFAULT));
    return Optional.ofNullable(left[0]);
  }

  /**
   * As {@link #of}.
   *
   * @throws FormatException if the file does not have a number for each unit
   */
  static double[] read(List<String> units, Split split, Path file, Limits limits)
      throws IOException {
    List<Integer> order = new ArrayList<>(IntStream.range(0, units.size()).boxed().toList());
    double[] numbers = units.stream().mapToDouble(UnitEnds::number).toArray();
    if (IntStream.range(0, numbers.length).noneMatch(unit -> Double.isNaN(numbers[unit]))) {
      // Units that are numbered are in the order of their numbers, wherever their rows stand.
      order.sort(Comparator.comparingDouble(unit -> numbers[unit]));
    }
    Ends ends = new Ends();
    try (InputStream in = Files.newInputStream(file)) {
      new DelimitedText("whitespace", "UTF-8", limits).read(in, 1, 0, ends);
    }
    if (ends.values.size() != units.size()) {
      throw new FormatException(
          "Cannot use remaining lives: %d numbers (expected %d, one for each unit of %s)"
              .formatted(ends.values.size(), units.size(), split.name().toLowerCase(Locale.ROOT)));
    }
    double[] left = new double[units.size()];
    for (int i = 0; i < left.length; i++) {
      left[order.get(i)] = ends.values.get(i);
    }
    return left;
  }

  private static double number(String unit) {
    return Numerals.parse(unit.toCharArray(), 0, unit.length());
  }

  /** A number a line. */
  private static final class Ends implements FieldSink {
    private final List<Double> values = new ArrayList<>();
    private int line;

    @Override
    public void begin(int at) {
      line = at;
    }

    @Override
    public void field(int index, char[] text, int from, int length, boolean quoted) {
      double value = Numerals.parse(text, from, length);
      if (index > 0 || Double.isNaN(value)) {
        throw new FormatException(
            "Cannot read line %d: '%s' (expected one number)"
                .formatted(line, Texts.shown(text, from, length)));
      }
      if (values.size() == MOST) {
        throw new FormatException(
            "Cannot use remaining lives: more than %,d numbers (expected at most that)"
                .formatted(MOST));
      }
      values.add(value);
    }

    @Override
    public void end(int fields) {}
  }
}
