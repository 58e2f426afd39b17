package dev.zone.datasets;

import java.util.ArrayList;
import java.util.List;

/** An array a row, all of one shape, row-major: unsigned bytes or floats. */
public final class TensorColumn implements Column {
  private static final int CHUNK_BYTES = 1 << 23;

  private final List<Integer> shape;
  private final int elements;
  private final int rowsPerChunk;
  private final List<byte[]> bytes;
  private final List<float[]> floats;
  private final int size;

  private TensorColumn(Builder builder) {
    this.shape = builder.shape;
    this.elements = builder.elements;
    this.rowsPerChunk = builder.rowsPerChunk;
    this.bytes = List.copyOf(builder.bytes);
    this.floats = List.copyOf(builder.floats);
    this.size = builder.size;
  }

  @Override
  public int size() {
    return size;
  }

  /** Shape of one row as it lies: [length], [height, width] or [height, width, channels]. */
  public List<Integer> shape() {
    return shape;
  }

  /** Values of one row. */
  public int elements() {
    return elements;
  }

  /** Whether all values are unsigned bytes. */
  public boolean isBytes() {
    return floats.isEmpty();
  }

  /**
   * Copies one row's values.
   *
   * @param into receives {@link #elements()} values from 0 on; unsigned bytes as 0 to 255
   */
  public void read(int row, float[] into) {
    int chunk = row / rowsPerChunk;
    int from = row % rowsPerChunk * elements;
    if (floats.isEmpty()) {
      byte[] values = bytes.get(chunk);
      for (int i = 0; i < elements; i++) {
        into[i] = values[from + i] & 0xff;
      }
    } else {
      System.arraycopy(floats.get(chunk), from, into, 0, elements);
    }
  }

  /** Grows row by row; memory grows with what was really added. */
  public static final class Builder {
    private final List<Integer> shape;
    private final int elements;
    private final int rowsPerChunk;
    private final List<byte[]> bytes = new ArrayList<>();
    private final List<float[]> floats = new ArrayList<>();
    private boolean wide;
    private int size;

    /** Shape of one row. */
    public Builder(List<Integer> shape) {
      this.shape = List.copyOf(shape);
      this.elements = shape.stream().mapToInt(Integer::intValue).reduce(1, Math::multiplyExact);
      this.rowsPerChunk = Math.max(1, CHUNK_BYTES / Math.max(1, elements));
    }

    public int size() {
      return size;
    }

    public int elements() {
      return elements;
    }

    /**
     * Adds a row of unsigned bytes.
     *
     * @param from index of the row's first value
     */
    public void add(byte[] values, int from) {
      if (wide) {
        float[] chunk = floatChunk();
        int at = size % rowsPerChunk * elements;
        for (int i = 0; i < elements; i++) {
          chunk[at + i] = values[from + i] & 0xff;
        }
      } else {
        if (size % rowsPerChunk == 0) {
          bytes.add(new byte[Math.multiplyExact(rowsPerChunk, elements)]);
        }
        System.arraycopy(
            values, from, bytes.get(bytes.size() - 1), size % rowsPerChunk * elements, elements);
      }
      size++;
    }

    /** Adds a row of floats; the rows so far become floats too. */
    public void add(float[] values, int from) {
      if (!wide) {
        widen();
      }
      System.arraycopy(values, from, floatChunk(), size % rowsPerChunk * elements, elements);
      size++;
    }

    public TensorColumn build() {
      return new TensorColumn(this);
    }

    private float[] floatChunk() {
      if (size % rowsPerChunk == 0) {
        floats.add(new float[Math.multiplyExact(rowsPerChunk, elements)]);
      }
      return floats.get(floats.size() - 1);
    }

    private void widen() {
      wide = true;
      for (byte[] chunk : bytes) {
        float[] values = new float[chunk.length];
        for (int i = 0; i < values.length; i++) {
          values[i] = chunk[i] & 0xff;
        }
        floats.add(values);
      }
      bytes.clear();
    }
  }
}
