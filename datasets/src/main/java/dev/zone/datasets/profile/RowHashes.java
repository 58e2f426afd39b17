package dev.zone.datasets.profile;

import dev.zone.datasets.CodedColumn;
import dev.zone.datasets.Column;
import dev.zone.datasets.GroupIds;
import dev.zone.datasets.NumberColumn;
import dev.zone.datasets.TensorColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A number of 64 bits for the values of a row: equal rows have equal ones, wherever they are read
 * from. Among 10 million different rows two have the same one with a probability below 10^-5.
 */
public final class RowHashes {
  private static final long GAMMA = 0x9E3779B97F4A7C15L;
  private static final long MISSING = 0x6D697373696E6721L;
  private static final double MICROS = 1e6;

  /** Their hashes stay in a processor's cache from column to column. */
  private static final int BLOCK = 1 << 11;

  private RowHashes() {}

  /**
   * @param columns by name; the same ones in the same order make hashes that can be compared
   * @param timestamps those of the columns that are seconds since 1970-01-01T00:00Z, which versions
   *     hold in microseconds
   * @return one for each row
   */
  public static long[] of(Map<String, Column> columns, Set<String> timestamps, int rows) {
    long[] hashes = new long[rows];
    List<Mixing> all = new ArrayList<>();
    columns.forEach((name, column) -> all.add(mixing(column, timestamps.contains(name))));
    for (int from = 0; from < rows; from += BLOCK) {
      int to = Math.min(rows, from + BLOCK);
      for (Mixing each : all) {
        each.into(hashes, from, to);
      }
    }
    return hashes;
  }

  /** Mixes a column's values into the hashes of some rows. */
  private interface Mixing {
    void into(long[] hashes, int from, int to);
  }

  private static Mixing mixing(Column column, boolean isTimestamp) {
    if (column instanceof NumberColumn numbers) {
      double[] values = numbers.toArray();
      return isTimestamp
          ? (hashes, from, to) -> micros(values, hashes, from, to)
          : (hashes, from, to) -> numbers(values, hashes, from, to);
    }
    if (column instanceof TensorColumn tensor) {
      float[] values = new float[tensor.elements()];
      return (hashes, from, to) -> {
        for (int row = from; row < to; row++) {
          tensor.read(row, values);
          hashes[row] = mix(hashes[row], hash(values));
        }
      };
    }
    CodedColumn coded = (CodedColumn) column;
    long[] texts = coded.values().stream().mapToLong(RowHashes::hash).toArray();
    return (hashes, from, to) -> {
      for (int row = from; row < to; row++) {
        int code = coded.code(row);
        hashes[row] = mix(hashes[row], code < 0 ? MISSING : texts[code]);
      }
    };
  }

  private static void numbers(double[] values, long[] hashes, int from, int to) {
    for (int row = from; row < to; row++) {
      double value = values[row];
      // Both zeros are one.
      long bits = Double.isNaN(value) ? MISSING : Double.doubleToRawLongBits(value + 0.0);
      hashes[row] = mix(hashes[row], bits);
    }
  }

  private static void micros(double[] values, long[] hashes, int from, int to) {
    for (int row = from; row < to; row++) {
      double value = values[row];
      hashes[row] = mix(hashes[row], Double.isNaN(value) ? MISSING : Math.round(value * MICROS));
    }
  }

  /** Whether a value of the row is missing. */
  public static boolean isMissing(Map<String, Column> columns, int row) {
    return columns.values().stream()
        .anyMatch(column -> !(column instanceof TensorColumn) && GroupIds.isMissing(column, row));
  }

  private static long hash(float[] values) {
    long hash = values.length;
    for (float value : values) {
      hash = (hash ^ Float.floatToIntBits(value + 0.0f)) * GAMMA;
      hash ^= hash >>> 32;
    }
    return hash;
  }

  private static long hash(String text) {
    long hash = text.length();
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * GAMMA;
      hash ^= hash >>> 32;
    }
    return hash;
  }

  /** Stafford's variant 13 of the 64-bit finalizer, over both. */
  private static long mix(long hash, long value) {
    long z = hash * 31 + value + GAMMA;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
