package dev.zone.datasets;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/**
 * Numbers, NaN where one is missing. Kept in chunks: those whose numbers are all exact as floats
 * take 4 bytes a number, the others and those after them 8. Timestamps are numbers: seconds since
 * 1970-01-01T00:00Z.
 */
public final class NumberColumn implements Column {
  private static final int CHUNK_BITS = 14;
  private static final int CHUNK = 1 << CHUNK_BITS;
  private static final int MASK = CHUNK - 1;

  /** In each place one of the two has an array, the other null. */
  private final float[][] floats;

  private final double[][] doubles;
  private final int size;

  /** All numbers in one array, instead of both; null of those in chunks. */
  private final double[] flat;

  private NumberColumn(double[] flat, int size) {
    this.floats = null;
    this.doubles = null;
    this.flat = flat;
    this.size = size;
  }

  private NumberColumn(float[][] floats, double[][] doubles, int size) {
    this.flat = null;
    this.floats = floats;
    this.doubles = doubles;
    this.size = size;
  }

  /**
   * Numbers that do not stay in memory for long: of 8 bytes each.
   *
   * @param values kept, not copied; what is behind the size says nothing
   */
  public static NumberColumn flat(double[] values, int size) {
    return new NumberColumn(values, size);
  }

  /** Numbers computed row by row. */
  public static NumberColumn of(int size, IntToDoubleFunction value) {
    Builder builder = new Builder();
    for (int row = 0; row < size; row++) {
      builder.add(value.applyAsDouble(row));
    }
    return builder.build();
  }

  @Override
  public int size() {
    return size;
  }

  /** The row's number; NaN if it is missing. */
  public double value(int row) {
    if (flat != null) {
      return flat[row];
    }
    float[] chunk = floats[row >> CHUNK_BITS];
    return chunk != null ? chunk[row & MASK] : doubles[row >> CHUNK_BITS][row & MASK];
  }

  /** All numbers, and perhaps more elements, which say nothing; not to be changed. */
  public double[] toArray() {
    if (flat != null) {
      return flat;
    }
    double[] values = new double[size];
    for (int from = 0; from < size; from += CHUNK) {
      int chunk = from >> CHUNK_BITS;
      int count = Math.min(CHUNK, size - from);
      if (doubles[chunk] != null) {
        System.arraycopy(doubles[chunk], 0, values, from, count);
      } else {
        float[] some = floats[chunk];
        for (int i = 0; i < count; i++) {
          values[from + i] = some[i];
        }
      }
    }
    return values;
  }

  /** Grows by one number at a time. */
  public static final class Builder {
    private float[][] floats = new float[4][];
    private double[][] doubles = new double[4][];
    private int size;

    public void add(double value) {
      int chunk = size >> CHUNK_BITS;
      int at = size & MASK;
      if (at == 0) {
        open(chunk);
      }
      double[] wide = doubles[chunk];
      if (wide == null && value != (float) value && !Double.isNaN(value)) {
        widen(chunk, at);
        wide = doubles[chunk];
      }
      if (wide != null) {
        wide[at] = value;
      } else {
        floats[chunk][at] = (float) value;
      }
      size++;
    }

    public int size() {
      return size;
    }

    public NumberColumn build() {
      int chunks = (size + MASK) >> CHUNK_BITS;
      return new NumberColumn(Arrays.copyOf(floats, chunks), Arrays.copyOf(doubles, chunks), size);
    }

    private void open(int chunk) {
      if (chunk == floats.length) {
        floats = Arrays.copyOf(floats, chunk * 2);
        doubles = Arrays.copyOf(doubles, chunk * 2);
      }
      // As the chunk before: numbers of a column are alike.
      if (chunk > 0 && doubles[chunk - 1] != null) {
        doubles[chunk] = new double[CHUNK];
      } else {
        floats[chunk] = new float[CHUNK];
      }
    }

    private void widen(int chunk, int filled) {
      double[] wide = new double[CHUNK];
      for (int i = 0; i < filled; i++) {
        wide[i] = floats[chunk][i];
      }
      doubles[chunk] = wide;
      floats[chunk] = null;
    }
  }
}
