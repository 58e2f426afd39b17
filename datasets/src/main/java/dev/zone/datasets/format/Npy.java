package dev.zone.datasets.format;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The header of a NumPy array file, versions 1.0 to 3.0 (NEP 1), of little endian numbers in C
 * order.
 *
 * @param type of the elements
 * @param shape first axis: rows; empty for a single number
 */
public record Npy(Type type, List<Integer> shape) {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int MAX_HEADER = 1 << 16;
  private static final int MAX_DIMENSIONS = 8;
  private static final Pattern DESCRIPTION = Pattern.compile("'descr'\\s*:\\s*'([^']{1,16})'");
  private static final Pattern ORDER = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
  private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([^)]*)\\)");

  public Npy {
    shape = List.copyOf(shape);
  }

  /** An element's type. */
  public enum Type {
    U1("|u1", 1),
    I1("|i1", 1),
    B1("|b1", 1),
    I2("<i2", 2),
    I4("<i4", 4),
    I8("<i8", 8),
    F4("<f4", 4),
    F8("<f8", 8);

    private final String code;
    private final int bytes;

    Type(String code, int bytes) {
      this.code = code;
      this.bytes = bytes;
    }

    public int bytes() {
      return bytes;
    }

    /** The element at a byte offset of a little endian buffer. */
    double read(ByteBuffer buffer, int at) {
      return switch (this) {
        case U1 -> buffer.get(at) & 0xff;
        case I1 -> buffer.get(at);
        case B1 -> buffer.get(at) == 0 ? 0 : 1;
        case I2 -> buffer.getShort(at);
        case I4 -> buffer.getInt(at);
        case I8 -> buffer.getLong(at);
        case F4 -> buffer.getFloat(at);
        case F8 -> buffer.getDouble(at);
      };
    }

    private static Type of(String code) {
      for (Type type : values()) {
        boolean single = type.bytes == 1;
        if (type.code.equals(code) || (single && code.equals("<" + type.code.substring(1)))) {
          return type;
        }
      }
      throw new FormatException(
          "Cannot read NumPy array of type '%s' (expected u1, i1, i2, i4, i8, f4, f8 or b1, little endian)"
              .formatted(Texts.shown(code)));
    }
  }

  /** Elements of one row: all axes but the first. */
  public long rowElements() {
    return shape.stream().skip(1).mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
  }

  /** Bytes of all elements. */
  public long dataBytes() {
    return Math.multiplyExact(
        shape.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact),
        (long) type.bytes());
  }

  /**
   * Reads the header and leaves the stream at the first element.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static Npy read(InputStream in) throws IOException {
    byte[] start = in.readNBytes(8);
    if (start.length < 8) {
      throw new EOFException("a NumPy array without header");
    }
    for (int i = 0; i < MAGIC.length; i++) {
      if (start[i] != MAGIC[i]) {
        throw new FormatException("Cannot read NumPy array: no NumPy header (expected npy)");
      }
    }
    if (start[6] < 1 || start[6] > 3) {
      throw new FormatException(
          "Cannot read NumPy array: format %d.%d (expected 1.0 to 3.0)"
              .formatted(start[6], start[7]));
    }
    int width = start[6] == 1 ? 2 : 4;
    byte[] lengthBytes = in.readNBytes(width);
    if (lengthBytes.length < width) {
      throw new EOFException("a NumPy array without header");
    }
    ByteBuffer lengths = ByteBuffer.wrap(lengthBytes).order(ByteOrder.LITTLE_ENDIAN);
    long length = width == 2 ? lengths.getShort() & 0xffffL : lengths.getInt() & 0xffffffffL;
    if (length > MAX_HEADER) {
      throw new FormatException(
          "Cannot read NumPy array: a header of %d bytes (expected at most %d)"
              .formatted(length, MAX_HEADER));
    }
    byte[] header = in.readNBytes((int) length);
    if (header.length < length) {
      throw new EOFException("a NumPy array that ends in its header");
    }
    return parse(new String(header, StandardCharsets.ISO_8859_1));
  }

  private static Npy parse(String header) {
    Matcher description = DESCRIPTION.matcher(header);
    Matcher order = ORDER.matcher(header);
    Matcher shape = SHAPE.matcher(header);
    if (!description.find() || !order.find() || !shape.find()) {
      throw new FormatException(
          "Cannot read NumPy array: header %s (expected descr of plain numbers, fortran_order, shape)"
              .formatted(Texts.shown(header)));
    }
    if (order.group(1).equals("True")) {
      throw new FormatException(
          "Cannot read NumPy array in Fortran order (expected C order: numpy.ascontiguousarray)");
    }
    List<Integer> dimensions = new ArrayList<>();
    for (String part : shape.group(1).split(",", -1)) {
      String text = part.trim();
      if (text.isEmpty()) {
        continue;
      }
      if (!text.matches("[0-9]{1,9}") || dimensions.size() == MAX_DIMENSIONS) {
        throw new FormatException(
            "Cannot read NumPy array: shape (%s) (expected at most %d dimensions below 10^9)"
                .formatted(Texts.shown(shape.group(1)), MAX_DIMENSIONS));
      }
      dimensions.add(Integer.parseInt(text));
    }
    Npy npy = new Npy(Type.of(description.group(1)), dimensions);
    try {
      npy.dataBytes();
    } catch (ArithmeticException e) {
      throw new FormatException(
          "Cannot read NumPy array: shape %s (expected one that fits memory)".formatted(dimensions),
          e);
    }
    return npy;
  }

  /** The header's bytes, version 1.0, a multiple of 64 long. */
  public byte[] header() {
    String sizes = String.join(", ", shape.stream().map(String::valueOf).toList());
    String dictionary =
        "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }"
            .formatted(type.code, shape.size() == 1 ? sizes + "," : sizes);
    int total = (10 + dictionary.length() + 1 + 63) / 64 * 64;
    ByteBuffer buffer = ByteBuffer.allocate(total).order(ByteOrder.LITTLE_ENDIAN);
    buffer.put(MAGIC).put((byte) 1).put((byte) 0).putShort((short) (total - 10));
    buffer.put(dictionary.getBytes(StandardCharsets.ISO_8859_1));
    while (buffer.position() < total - 1) {
      buffer.put((byte) ' ');
    }
    buffer.put((byte) '\n');
    return buffer.array();
  }
}
