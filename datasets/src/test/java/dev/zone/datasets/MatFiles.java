package dev.zone.datasets;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.DeflaterOutputStream;

/** MATLAB files for tests, written by the format's documentation. */
public final class MatFiles {
  public static final int DOUBLE = 6;
  public static final int UINT8 = 9;
  private static final int INT8_DATA = 1;
  private static final int INT32_DATA = 5;
  private static final int UINT32_DATA = 6;
  private static final int MATRIX = 14;
  private static final int COMPRESSED = 15;

  private final ByteOrder order;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  public MatFiles(ByteOrder order) {
    this.order = order;
    byte[] text = new byte[124];
    java.util.Arrays.fill(text, (byte) ' ');
    out.writeBytes(text);
    // The two letters are one number, so that their order tells the byte order.
    out.writeBytes(buffer(4).putShort((short) 0x0100).putShort((short) ('M' << 8 | 'I')).array());
  }

  private ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(order);
  }

  public byte[] bytes() {
    return out.toByteArray();
  }

  /** Adds doubles. */
  public MatFiles doubles(String name, boolean packed, int[] shape, double... values) {
    ByteBuffer data = buffer(8 * values.length);
    for (double value : values) {
      data.putDouble(value);
    }
    return add(packed, variable(name, DOUBLE, shape, 9, data.array()));
  }

  /**
   * A variable.
   *
   * @param type class of the array
   * @param stored type of the data, with its bytes in the file's order
   */
  public byte[] variable(String name, int type, int[] shape, int stored, byte[] data) {
    ByteArrayOutputStream matrix = new ByteArrayOutputStream();
    element(matrix, UINT32_DATA, buffer(8).putInt(type).putInt(0).array());
    ByteBuffer sizes = buffer(4 * shape.length);
    for (int size : shape) {
      sizes.putInt(size);
    }
    element(matrix, INT32_DATA, sizes.array());
    element(matrix, INT8_DATA, name.getBytes(StandardCharsets.US_ASCII));
    element(matrix, stored, data);
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.writeBytes(buffer(8).putInt(MATRIX).putInt(matrix.size()).array());
    whole.writeBytes(matrix.toByteArray());
    return whole.toByteArray();
  }

  /** Adds a variable, packed or as it is. */
  public MatFiles add(boolean packed, byte[] variable) {
    if (!packed) {
      out.writeBytes(variable);
      return this;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DeflaterOutputStream deflater = new DeflaterOutputStream(bytes)) {
      deflater.write(variable);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    out.writeBytes(buffer(8).putInt(COMPRESSED).putInt(bytes.size()).array());
    out.writeBytes(bytes.toByteArray());
    return this;
  }

  private void element(ByteArrayOutputStream to, int type, byte[] data) {
    if (data.length > 0 && data.length <= 4) {
      to.writeBytes(buffer(4).putInt(data.length << 16 | type).array());
      to.writeBytes(java.util.Arrays.copyOf(data, 4));
      return;
    }
    to.writeBytes(buffer(8).putInt(type).putInt(data.length).array());
    to.writeBytes(data);
    to.writeBytes(new byte[(8 - data.length % 8) % 8]);
  }
}
