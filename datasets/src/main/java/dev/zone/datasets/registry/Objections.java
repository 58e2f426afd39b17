package dev.zone.datasets.registry;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;

/** Rows of a piece that are to be set aside for what is in others, and why. */
final class Objections {
  private static final int BYTES = Integer.BYTES + 1 + Double.BYTES;

  private int[] rows = new int[0];
  private byte[] whys = new byte[0];
  private double[] before = new double[0];
  private int size;

  /** Why a row is set aside. */
  enum Why {
    KEY_MISSING,
    KEY_TWICE,
    GOES_BACK
  }

  /** Takes a row that is to be set aside. */
  interface Taking {
    /**
     * @param before of a row that goes back: what it is to be at least
     */
    void take(int row, Why why, double before);
  }

  void add(int row, Why why, double than) {
    if (size == rows.length) {
      int most = Math.max(16, 2 * size);
      rows = Arrays.copyOf(rows, most);
      whys = Arrays.copyOf(whys, most);
      before = Arrays.copyOf(before, most);
    }
    rows[size] = row;
    whys[size] = (byte) why.ordinal();
    before[size++] = than;
  }

  int size() {
    return size;
  }

  void forEach(Taking taking) {
    for (int i = 0; i < size; i++) {
      taking.take(rows[i], Why.values()[whys[i]], before[i]);
    }
  }

  String toText() {
    ByteBuffer bytes = ByteBuffer.allocate(size * BYTES);
    for (int i = 0; i < size; i++) {
      bytes.putInt(rows[i]).put(whys[i]).putDouble(before[i]);
    }
    return Base64.getEncoder().encodeToString(bytes.array());
  }

  /**
   * @throws RuntimeException if it is not what {@link #toText} makes
   */
  static Objections of(String text) {
    ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(text));
    Objections objections = new Objections();
    while (bytes.hasRemaining()) {
      objections.add(bytes.getInt(), Why.values()[bytes.get()], bytes.getDouble());
    }
    return objections;
  }
}
