package dev.zone.datasets.parquet;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.bytes.BytesUtils;

/**
 * Dictionary ids as Parquet has them: runs of one id, and groups of eight that are packed in bits
 * (Parquet's "RLE / bit-packing hybrid"). The library's encoder takes one id at a time and needs
 * three times as long for the same bytes.
 */
final class IdRuns {
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int GROUP = 8;

  /** So that the count of groups is one byte. */
  private static final int MOST_GROUPS = 63;

  private static final int MOST_HEADER_BYTES = 5;

  private final int width;
  private final int widthBytes;
  private final byte[] out;
  private int at;

  /** Where the count of groups is, and how many they are so far; 0 if none are open. */
  private int header;

  private int groups;

  private IdRuns(int width, int count) {
    this.width = width;
    widthBytes = BytesUtils.paddedByteCountFromBits(width);
    // Each group or run is eight ids at least, the last one less.
    out =
        new byte
            [(count / GROUP + 1) * (Math.max(width, widthBytes) + MOST_HEADER_BYTES)
                + Integer.BYTES];
  }

  /**
   * Ids from one to another, in so many bits each.
   *
   * @param width of the largest id in bits
   */
  static BytesInput of(int[] ids, int from, int to, int width) {
    IdRuns runs = new IdRuns(width, to - from);
    runs.write(ids, from, to);
    return BytesInput.from(runs.out, 0, runs.at);
  }

  private void write(int[] ids, int from, int to) {
    int next = from;
    while (to - next >= GROUP) {
      int same = same(ids, next, next + GROUP);
      if (same == next + GROUP) {
        same = same(ids, next, to);
        run(ids[next], same - next);
        next = same;
      } else {
        group(ids, next);
        next += GROUP;
      }
    }
    if (next < to) {
      int[] last = new int[GROUP];
      System.arraycopy(ids, next, last, 0, to - next);
      group(last, 0);
    }
    close();
  }

  /** Up to where all are the same. */
  private static int same(int[] ids, int from, int to) {
    int next = from + 1;
    while (next < to && ids[next] == ids[from]) {
      next++;
    }
    return next;
  }

  private void group(int[] ids, int from) {
    if (groups == MOST_GROUPS) {
      close();
    }
    if (groups == 0) {
      header = at++;
    }
    int end = at + width;
    long held = 0;
    int bits = 0;
    for (int i = from; i < from + GROUP; i++) {
      held |= (long) ids[i] << bits;
      bits += width;
      if (bits >= Integer.SIZE) {
        INTS.set(out, at, (int) held);
        at += Integer.BYTES;
        held >>>= Integer.SIZE;
        bits -= Integer.SIZE;
      }
    }
    // Perhaps more than what is left: the next group is written over it.
    INTS.set(out, at, (int) held);
    at = end;
    groups++;
  }

  private void close() {
    if (groups > 0) {
      out[header] = (byte) (groups << 1 | 1);
      groups = 0;
    }
  }

  private void run(int id, int count) {
    close();
    int left = count << 1;
    for (; left > Byte.MAX_VALUE; left >>>= 7) {
      out[at++] = (byte) (left | 0x80);
    }
    out[at++] = (byte) left;
    for (int i = 0; i < widthBytes; i++) {
      out[at++] = (byte) (id >>> (Byte.SIZE * i));
    }
  }
}
