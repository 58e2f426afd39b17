package dev.zone.datasets.export;

import dev.zone.datasets.CodedColumn;
import dev.zone.datasets.Column;
import dev.zone.datasets.NumberColumn;
import dev.zone.datasets.Table;
import dev.zone.datasets.TensorColumn;
import dev.zone.datasets.registry.Part;
import dev.zone.datasets.registry.PartTables;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A zip of npy arrays, one a column, as {@code numpy.load} reads it (NumPy Enhancement Proposal 1):
 * numbers as doubles, texts in UTF-32, empty where they are missing, arrays as bytes or floats.
 */
final class NpzFile {
  private static final int ALIGNMENT = 64;
  private static final int PREAMBLE = 10;

  private final PartTables tables;
  private final List<Part> parts;
  private final Map<String, Shape> shapes = new LinkedHashMap<>();
  private long rows;

  /** What an array is: the longest text, or the shape of a row. */
  private static final class Shape {
    private int longest = 1;
    private boolean floats;
    private List<Integer> row = List.of();
    private boolean texts;
    private boolean tensor;
  }

  NpzFile(PartTables tables, List<Part> parts) {
    this.tables = tables;
    this.parts = parts;
  }

  void write(Path file) throws IOException {
    tables.forEach(parts, (part, table) -> measure(table));
    try (ZipOutputStream zip =
        new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
      for (Map.Entry<String, Shape> each : shapes.entrySet()) {
        zip.putNextEntry(new ZipEntry(each.getKey() + ".npy"));
        zip.write(header(each.getValue()));
        tables.forEach(
            parts,
            List.of(each.getKey()),
            (part, table) -> {
              try {
                add(table.column(each.getKey()).orElseThrow(), each.getValue(), zip);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
        zip.closeEntry();
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private void measure(Table table) {
    rows += table.rows();
    table
        .columns()
        .forEach(
            (name, column) -> {
              Shape shape = shapes.computeIfAbsent(name, none -> new Shape());
              if (column instanceof CodedColumn coded) {
                shape.texts = true;
                for (String value : coded.values()) {
                  shape.longest = Math.max(shape.longest, value.codePointCount(0, value.length()));
                }
              } else if (column instanceof TensorColumn tensor) {
                shape.tensor = true;
                shape.row = tensor.shape();
                shape.floats |= !tensor.isBytes();
              }
            });
  }

  private byte[] header(Shape shape) {
    String type =
        shape.texts ? "<U" + shape.longest : shape.tensor ? shape.floats ? "<f4" : "|u1" : "<f8";
    String all =
        Stream.concat(Stream.of(rows), shape.row.stream())
            .map(String::valueOf)
            .collect(Collectors.joining(", ", "(", shape.row.isEmpty() ? ",)" : ")"));
    String text = "{'descr': '%s', 'fortran_order': False, 'shape': %s, }".formatted(type, all);
    int length = text.length() + 1;
    int padded = (PREAMBLE + length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT - PREAMBLE;
    ByteBuffer header = ByteBuffer.allocate(PREAMBLE + padded).order(ByteOrder.LITTLE_ENDIAN);
    header.put((byte) 0x93).put(VersionExport.utf8("NUMPY")).put((byte) 1).put((byte) 0);
    header.putShort((short) padded);
    header.put(VersionExport.utf8(text + " ".repeat(padded - length) + "\n"));
    return header.array();
  }

  private static void add(Column column, Shape shape, OutputStream out) throws IOException {
    if (column instanceof NumberColumn numbers) {
      ByteBuffer one = ByteBuffer.allocate(Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      for (int row = 0; row < numbers.size(); row++) {
        out.write(one.putDouble(0, numbers.value(row)).array());
      }
    } else if (column instanceof CodedColumn coded) {
      byte[][] texts =
          coded.values().stream().map(text -> utf32(text, shape.longest)).toArray(byte[][]::new);
      byte[] none = utf32("", shape.longest);
      for (int row = 0; row < coded.size(); row++) {
        out.write(coded.code(row) < 0 ? none : texts[coded.code(row)]);
      }
    } else {
      TensorColumn tensor = (TensorColumn) column;
      float[] values = new float[tensor.elements()];
      ByteBuffer bytes =
          ByteBuffer.allocate(values.length * (shape.floats ? Float.BYTES : 1))
              .order(ByteOrder.LITTLE_ENDIAN);
      for (int row = 0; row < tensor.size(); row++) {
        tensor.read(row, values);
        bytes.clear();
        for (float value : values) {
          if (shape.floats) {
            bytes.putFloat(value);
          } else {
            bytes.put((byte) (int) value);
          }
        }
        out.write(bytes.array());
      }
    }
  }

  private static byte[] utf32(String text, int length) {
    ByteBuffer bytes = ByteBuffer.allocate(length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    text.codePoints().forEach(bytes::putInt);
    return bytes.array();
  }
}
