package dev.zone.datasets.prepare;

import dev.zone.datasets.CodedColumn;
import dev.zone.datasets.Column;
import dev.zone.datasets.NumberColumn;
import dev.zone.datasets.TensorColumn;
import dev.zone.datasets.transform.Field;
import dev.zone.datasets.transform.RowSource;
import dev.zone.datasets.transform.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Columns of a table as a transform sees them. Safe for several threads. */
final class Features {
  private final Shape shape;
  private final Reader reader;

  private Features(Shape shape, Reader reader) {
    this.shape = shape;
    this.reader = reader;
  }

  private interface Reader {
    void read(int row, float[] into);
  }

  /** A column and its name. */
  record Named(String name, Column column) {}

  /**
   * Numbers and categories, a field each.
   *
   * @param training rows whose categories are known; others count as missing
   */
  static Features ofFields(List<Named> columns, int[] training) {
    List<Field> fields = new ArrayList<>();
    List<Reader> readers = new ArrayList<>();
    for (Named each : columns) {
      int at = fields.size();
      if (each.column() instanceof NumberColumn numbers) {
        fields.add(Field.number(each.name()));
        readers.add((row, into) -> into[at] = (float) numbers.value(row));
      } else {
        CodedColumn coded = (CodedColumn) each.column();
        int[] codes = coded.isDeclared() ? declared(coded) : seen(coded, training);
        fields.add(new Field(each.name(), names(coded, codes)));
        readers.add((row, into) -> into[at] = coded.code(row) < 0 ? -1 : codes[coded.code(row)]);
      }
    }
    Reader[] all = readers.toArray(Reader[]::new);
    return new Features(
        Shape.features(fields),
        (row, into) -> {
          for (Reader each : all) {
            each.read(row, into);
          }
        });
  }

  private static int[] declared(CodedColumn coded) {
    int[] codes = new int[coded.values().size()];
    Arrays.setAll(codes, i -> i);
    return codes;
  }

  /** Codes by the order of the values that training has; -1 for the others. */
  private static int[] seen(CodedColumn coded, int[] training) {
    int[] codes = new int[coded.values().size()];
    Arrays.fill(codes, -1);
    for (int row : training) {
      if (coded.code(row) >= 0) {
        codes[coded.code(row)] = 0;
      }
    }
    List<Integer> known = new ArrayList<>();
    for (int code = 0; code < codes.length; code++) {
      if (codes[code] == 0) {
        known.add(code);
      }
    }
    known.sort((a, b) -> coded.values().get(a).compareTo(coded.values().get(b)));
    for (int i = 0; i < known.size(); i++) {
      codes[known.get(i)] = i;
    }
    return codes;
  }

  private static List<String> names(CodedColumn coded, int[] codes) {
    String[] names = new String[(int) Arrays.stream(codes).filter(code -> code >= 0).count()];
    for (int code = 0; code < codes.length; code++) {
      if (codes[code] >= 0) {
        names[codes[code]] = coded.values().get(code);
      }
    }
    return List.of(names);
  }

  /** Arrays: [channels, height, width] of images and maps, [1, length] of series. */
  static Features ofTensor(String name, TensorColumn tensor) {
    List<Integer> dims = tensor.shape();
    if (dims.size() == 1) {
      return new Features(Shape.window(List.of(Field.number(name)), dims.get(0)), tensor::read);
    }
    int height = dims.get(0);
    int width = dims.get(1);
    if (dims.size() == 2) {
      return new Features(Shape.image(List.of(Field.number(name)), height, width), tensor::read);
    }
    int channels = dims.get(2);
    int plane = height * width;
    ThreadLocal<float[]> lying = ThreadLocal.withInitial(() -> new float[tensor.elements()]);
    return new Features(
        Shape.image(channels(name, channels), height, width),
        (row, into) -> {
          float[] values = lying.get();
          tensor.read(row, values);
          int at = 0;
          for (int pixel = 0; pixel < plane; pixel++) {
            for (int channel = 0; channel < channels; channel++) {
              into[channel * plane + pixel] = values[at++];
            }
          }
        });
  }

  private static List<Field> channels(String name, int channels) {
    if (channels == 3) {
      return List.of(Field.number("red"), Field.number("green"), Field.number("blue"));
    }
    List<Field> fields = new ArrayList<>();
    for (int i = 0; i < channels; i++) {
      fields.add(Field.number(name + "." + i));
    }
    return fields;
  }

  Shape shape() {
    return shape;
  }

  void read(int row, float[] into) {
    reader.read(row, into);
  }

  /** The given rows alone. */
  RowSource rows(int[] rows) {
    return new RowSource() {
      @Override
      public int count() {
        return rows.length;
      }

      @Override
      public void read(int row, float[] into) {
        reader.read(rows[row], into);
      }
    };
  }
}
