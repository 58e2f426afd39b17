package dev.zone.datasets.registry;

import java.nio.ByteBuffer;
import java.util.BitSet;

/**
 * What checks beyond single rows look at, of a piece: little enough to be brought to where they are
 * decided.
 *
 * @param rows good and bad
 * @param passed rows that are set aside already
 * @param keyMissing rows of whose key a value is missing
 * @param keys a hash of each row's key; none without a key
 * @param groups a hash of each row's group; none without a column that ascends
 * @param values each row's value of that column
 */
record CheckValues(
    int rows, BitSet passed, BitSet keyMissing, long[] keys, long[] groups, double[] values) {

  byte[] toBytes() {
    long[] ofPassed = passed.toLongArray();
    long[] ofMissing = keyMissing.toLongArray();
    ByteBuffer bytes =
        ByteBuffer.allocate(
            6 * Integer.BYTES
                + Long.BYTES
                    * (ofPassed.length
                        + ofMissing.length
                        + keys.length
                        + groups.length
                        + values.length));
    bytes.putInt(rows);
    put(bytes, ofPassed);
    put(bytes, ofMissing);
    put(bytes, keys);
    put(bytes, groups);
    bytes.putInt(values.length).asDoubleBuffer().put(values);
    return bytes.array();
  }

  private static void put(ByteBuffer bytes, long[] numbers) {
    bytes.putInt(numbers.length).asLongBuffer().put(numbers);
    bytes.position(bytes.position() + numbers.length * Long.BYTES);
  }

  /**
   * @throws RuntimeException if it is not what {@link #toBytes} makes
   */
  static CheckValues of(byte[] from) {
    ByteBuffer bytes = ByteBuffer.wrap(from);
    int rows = bytes.getInt();
    BitSet passed = BitSet.valueOf(longs(bytes));
    BitSet keyMissing = BitSet.valueOf(longs(bytes));
    long[] keys = longs(bytes);
    long[] groups = longs(bytes);
    double[] values = new double[count(bytes)];
    bytes.asDoubleBuffer().get(values);
    return new CheckValues(rows, passed, keyMissing, keys, groups, values);
  }

  private static long[] longs(ByteBuffer bytes) {
    long[] numbers = new long[count(bytes)];
    bytes.asLongBuffer().get(numbers);
    bytes.position(bytes.position() + numbers.length * Long.BYTES);
    return numbers;
  }

  private static int count(ByteBuffer bytes) {
    int count = bytes.getInt();
    if (count < 0 || count > bytes.remaining() / Long.BYTES) {
      throw new IllegalArgumentException("expected as many numbers as there are bytes for");
    }
    return count;
  }
}
