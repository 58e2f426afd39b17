package dev.zone.datasets.profile;

import dev.zone.datasets.CodedColumn;
import dev.zone.datasets.Column;
import dev.zone.datasets.GroupIds;
import dev.zone.datasets.NumberColumn;
import dev.zone.datasets.TensorColumn;
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

  private RowHashes() {}

  /**
   * @param columns by name; the same ones in the same order make hashes that can be compared
   * @param timestamps those of the columns that are seconds since 1970-01-01T00:00Z, which versions
   *     hold in microseconds
   * @return one for each row
   */
  public static long[] of(Map<String, Column> columns, Set<String> timestamps, int rows) {
    long[] hashes = new long[rows];
    columns.forEach(
        (name, column) -> {
          if (column instanceof NumberColumn numbers) {
            boolean micros = timestamps.contains(name);
            double[] values = numbers.toArray();
            for (int row = 0; row < rows; row++) {
              hashes[row] = mix(hashes[row], bits(values[row], micros));
            }
          } else if (column instanceof TensorColumn tensor) {
            float[] values = new float[tensor.elements()];
            for (int row = 0; row < rows; row++) {
              tensor.read(row, values);
              hashes[row] = mix(hashes[row], hash(values));
            }
          } else {
            CodedColumn coded = (CodedColumn) column;
            long[] texts = coded.values().stream().mapToLong(RowHashes::hash).toArray();
            for (int row = 0; row < rows; row++) {
              int code = coded.code(row);
              hashes[row] = mix(hashes[row], code < 0 ? MISSING : texts[code]);
            }
          }
        });
    return hashes;
  }

  /** Whether a value of the row is missing. */
  public static boolean isMissing(Map<String, Column> columns, int row) {
    return columns.values().stream()
        .anyMatch(column -> !(column instanceof TensorColumn) && GroupIds.isMissing(column, row));
  }

  private static long bits(double value, boolean micros) {
    if (Double.isNaN(value)) {
      return MISSING;
    }
    // Both zeros are one.
    return micros ? Math.round(value * MICROS) : Double.doubleToRawLongBits(value + 0.0);
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
