package dev.zone.datasets.format;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;

/**
 * The variables of a MATLAB file, one after another, as "MAT-File Format" of The MathWorks has
 * level 5. Only headers and numbers are looked at: what objects, functions and Java's own the file
 * holds is passed over. No size is believed beyond the bytes that are there.
 */
final class MatFile implements AutoCloseable {
  private static final int HEADER = 128;
  private static final int TAG = 8;
  private static final int MATRIX = 14;
  private static final int COMPRESSED = 15;
  private static final int OPAQUE = 17;
  private static final int MOST_DIMENSIONS = 32;
  private static final int LONGEST_NAME = 1024;
  private static final int BUFFER = 1 << 16;
  private static final byte[] HDF5 = {(byte) 0x89, 'H', 'D', 'F'};

  private final InputStream file;
  private final Limits limits;
  private ByteOrder order = ByteOrder.LITTLE_ENDIAN;
  private long fileLeft;

  /** The variable as it lies in the file. */
  private Optional<Part> stored = Optional.empty();

  private Optional<Inflater> inflater = Optional.empty();

  /** The variable's elements, unpacked. */
  private Part element;

  private MatFile(InputStream file, long bytes, Limits limits) {
    this.file = file;
    this.fileLeft = bytes;
    this.limits = limits;
  }

  /**
   * A variable's header.
   *
   * @param type class by the format's table: 6 to 15 are numbers
   * @param isComplex whether imaginary parts follow
   * @param dimensions sizes of the axes, the first changing fastest in memory
   */
  record Variable(String name, int type, boolean isComplex, List<Integer> dimensions) {
    private static final int FIRST_NUMERIC = 6;
    private static final int LAST_NUMERIC = 15;

    Variable {
      dimensions = List.copyOf(dimensions);
    }

    boolean isNumeric() {
      return type >= FIRST_NUMERIC && type <= LAST_NUMERIC && !isComplex;
    }

    /**
     * Numbers in all.
     *
     * @throws FormatException if no memory holds as many
     */
    int elements() {
      long product = 1;
      for (int size : dimensions) {
        product *= size;
        if (product > Integer.MAX_VALUE - 8) {
          throw new FormatException(
              "Cannot read variable '%s': shape %s (expected one that fits memory)"
                  .formatted(name, dimensions));
        }
      }
      return (int) product;
    }
  }

  /** More is left of no file whose length is known. */
  private static final long MOST_LEFT = 1L << 62;

  /** Of a file whose length is not known before it was read. */
  static final long UNKNOWN = Long.MAX_VALUE;

  /**
   * Opens a file at its first variable.
   *
   * @param in its bytes, which somebody else closes
   * @param bytes how many there are, or {@link #UNKNOWN}
   * @throws FormatException if it is no MATLAB file of level 5
   */
  static MatFile open(InputStream in, long bytes, Limits limits) throws IOException {
    MatFile opened =
        new MatFile(
            new BufferedInputStream(in, BUFFER), bytes == UNKNOWN ? bytes : bytes - HEADER, limits);
    opened.readHeader();
    return opened;
  }

  private void readHeader() throws IOException {
    byte[] header = file.readNBytes(HEADER);
    String mark =
        header.length < HEADER ? "" : new String(header, HEADER - 2, 2, StandardCharsets.US_ASCII);
    if (startsWith(header, HDF5)) {
      throw newer();
    }
    if (!mark.equals("IM") && !mark.equals("MI")) {
      throw new FormatException(
          "Cannot read MATLAB file: no header of version 5 (expected what save -v6 or -v7 writes)");
    }
    order = mark.equals("IM") ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
    int version = ByteBuffer.wrap(header).order(order).getShort(HEADER - 4) >> 8;
    if (version == 2) {
      throw newer();
    }
    if (version != 1) {
      throw new FormatException(
          "Cannot read MATLAB file: version %d (expected what save -v6 or -v7 writes)"
              .formatted(version));
    }
  }

  private static boolean startsWith(byte[] bytes, byte[] start) {
    return bytes.length >= start.length
        && Arrays.equals(bytes, 0, start.length, start, 0, start.length);
  }

  private static FormatException newer() {
    return new FormatException(
        "Cannot read MATLAB file: version 7.3, which is HDF5 (expected version 7: in MATLAB, x = load('old.mat'); save('new.mat', '-struct', 'x', '-v7'))");
  }

  /** The next variable's header; empty behind the last. */
  Optional<Variable> next() throws IOException {
    if (stored.isPresent()) {
      stored.get().skipAll();
    }
    endInflater();
    if (fileLeft <= 0) {
      return Optional.empty();
    }
    byte[] start = file.readNBytes(TAG);
    if (start.length == 0 && fileLeft > MOST_LEFT) {
      return Optional.empty();
    }
    if (start.length < TAG) {
      throw new EOFException("the file ends within a variable");
    }
    ByteBuffer tag = ByteBuffer.wrap(start).order(order);
    long type = tag.getInt() & 0xffffffffL;
    long size = tag.getInt() & 0xffffffffL;
    fileLeft -= TAG;
    if (size > fileLeft) {
      throw new EOFException("a variable has %d bytes, there are %d".formatted(size, fileLeft));
    }
    fileLeft -= size;
    Part part = new Part(file, size);
    stored = Optional.of(part);
    if (type == MATRIX) {
      element = part;
    } else if (type == COMPRESSED) {
      element = unpacked(part, size);
    } else {
      throw new FormatException(
          "Cannot read MATLAB file: an element of type %d (expected variables)".formatted(type));
    }
    return Optional.of(readVariable());
  }

  private Part unpacked(Part packed, long packedBytes) throws IOException {
    Inflater made = new Inflater();
    inflater = Optional.of(made);
    InputStream in = new BufferedInputStream(new InflaterInputStream(packed, made, 1 << 13));
    ByteBuffer tag = bytes(in, TAG);
    long type = tag.getInt() & 0xffffffffL;
    long size = tag.getInt() & 0xffffffffL;
    if (type != MATRIX) {
      throw new FormatException(
          "Cannot read MATLAB file: a packed element of type %d (expected a variable)"
              .formatted(type));
    }
    long ratio = size / Math.max(1, packedBytes);
    if (size > limits.entryBytes() || (size > limits.ratioFromBytes() && ratio > limits.ratio())) {
      throw new FormatException(
          "Cannot read MATLAB file: a variable unpacks to %d bytes, %d times larger (expected at most %d bytes, %d times)"
              .formatted(size, ratio, limits.entryBytes(), limits.ratio()));
    }
    return new Part(in, size);
  }

  private Variable readVariable() throws IOException {
    ByteBuffer flags = small("flags", MatNumber.UINT32, 8);
    if (flags.remaining() < 8) {
      throw new FormatException(
          "Cannot read MATLAB file: %d bytes of flags (expected 8)".formatted(flags.remaining()));
    }
    int word = flags.getInt();
    int type = word & 0xff;
    if (type == OPAQUE) {
      // These have no shape; their name comes at once.
      return new Variable(readName(), type, false, List.of());
    }
    ByteBuffer sizes = small("dimensions", MatNumber.INT32, MOST_DIMENSIONS * Integer.BYTES);
    List<Integer> dimensions = new ArrayList<>();
    while (sizes.remaining() >= Integer.BYTES) {
      int size = sizes.getInt();
      if (size < 0) {
        throw new FormatException(
            "Cannot read MATLAB file: a dimension of %d (expected 0 or more)".formatted(size));
      }
      dimensions.add(size);
    }
    return new Variable(readName(), type, (word & 0x0800) != 0, dimensions);
  }

  private String readName() throws IOException {
    ByteBuffer name = small("name", MatNumber.INT8, LONGEST_NAME);
    return StandardCharsets.UTF_8.decode(name).toString();
  }

  /** A part of the header. */
  private ByteBuffer small(String what, MatNumber expected, int most) throws IOException {
    Tag tag = readTag();
    if (tag.type() != expected || tag.bytes() > most) {
      throw new FormatException(
          "Cannot read MATLAB file: %s of %d bytes of %s (expected at most %d of %s)"
              .formatted(what, tag.bytes(), tag.type(), most, expected));
    }
    ByteBuffer value = bytes(element, (int) tag.bytes());
    bytes(element, tag.padding());
    return value;
  }

  /**
   * What comes next in a variable.
   *
   * @param padding bytes behind the data, up to a multiple of 8
   */
  private record Tag(MatNumber type, long bytes, int padding) {}

  private Tag readTag() throws IOException {
    ByteBuffer word = bytes(element, Integer.BYTES);
    int first = word.getInt();
    int smallBytes = first >>> 16;
    if (smallBytes != 0) {
      // Up to four bytes stand in the tag itself.
      if (smallBytes > Integer.BYTES) {
        throw new FormatException(
            "Cannot read MATLAB file: %d bytes in a tag (expected at most 4)"
                .formatted(smallBytes));
      }
      return new Tag(MatNumber.of(first & 0xffff), smallBytes, Integer.BYTES - smallBytes);
    }
    long size = bytes(element, Integer.BYTES).getInt() & 0xffffffffL;
    return new Tag(MatNumber.of(first), size, (int) ((TAG - size % TAG) % TAG));
  }

  /**
   * Numbers of a variable in a spool, in the order of memory: the first axis changes fastest.
   *
   * @param at where they begin
   */
  record Stored(MatNumber type, ByteOrder order, long at) {}

  /**
   * Stores the numbers of the variable whose header came last.
   *
   * @throws FormatException if there are not as many as its shape says
   * @throws ZipException if a packed one is longer than it says, or not what was packed
   */
  Stored store(Variable variable, Spool spool) throws IOException {
    int count = variable.elements();
    Tag tag = readTag();
    if (tag.bytes() != (long) count * tag.type().bytes()) {
      throw new FormatException(
          "Cannot read variable '%s': %d bytes of %s (expected %d numbers for shape %s)"
              .formatted(
                  Texts.shown(variable.name()),
                  tag.bytes(),
                  tag.type(),
                  count,
                  variable.dimensions()));
    }
    if (tag.bytes() > element.left) {
      throw new EOFException(
          "variable %s needs %d bytes, there are %d"
              .formatted(Texts.shown(variable.name()), tag.bytes(), element.left));
    }
    Stored stored = new Stored(tag.type(), order, spool.size());
    byte[] bytes = new byte[(int) Math.min(BUFFER, tag.bytes())];
    for (long left = tag.bytes(); left > 0; ) {
      int length = (int) Math.min(bytes.length, left);
      element.fill(bytes, length);
      spool.write(bytes, length);
      left -= length;
    }
    endVariable();
    return stored;
  }

  /** Ends the reading of a variable's numbers. */
  private void endVariable() throws IOException {
    element.skipAll();
    if (inflater.isPresent() && element.in.read() >= 0) {
      throw new ZipException("a variable is longer than it says");
    }
  }

  private ByteBuffer bytes(InputStream in, int count) throws IOException {
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw new EOFException("the file ends within a variable");
    }
    return ByteBuffer.wrap(bytes).order(order);
  }

  private void endInflater() {
    inflater.ifPresent(Inflater::end);
    inflater = Optional.empty();
  }

  @Override
  public void close() {
    endInflater();
  }

  /** So many bytes of a stream. */
  private static final class Part extends InputStream {
    private final InputStream in;
    private long left;

    Part(InputStream in, long bytes) {
      this.in = in;
      this.left = bytes;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (left == 0) {
        return -1;
      }
      int read = in.read(into, from, (int) Math.min(length, left));
      left -= Math.max(0, read);
      return read;
    }

    void fill(byte[] into, int length) throws IOException {
      if (readNBytes(into, 0, length) < length) {
        throw new EOFException("the file ends within a variable");
      }
    }

    void skipAll() throws IOException {
      byte[] sink = new byte[1 << 13];
      while (left > 0) {
        fill(sink, (int) Math.min(sink.length, left));
      }
    }
  }
}
