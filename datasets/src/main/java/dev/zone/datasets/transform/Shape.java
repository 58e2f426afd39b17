package dev.zone.datasets.transform;

import java.util.List;

/**
 * The shape of one example: its first axis has a field each, further axes are a field's values.
 *
 * @param dims [features], [channels, height, width] of images, or [columns, length] of windows
 * @param fields of the first axis, in order
 */
public record Shape(List<Integer> dims, List<Field> fields) {
  /**
   * @throws IllegalArgumentException if the dimensions are not 1 to 3, or not the fields'
   */
  public Shape {
    dims = List.copyOf(dims);
    fields = List.copyOf(fields);
    if (dims.isEmpty() || dims.size() > 3 || dims.stream().anyMatch(size -> size < 0)) {
      throw new IllegalArgumentException(
          "Cannot use shape: " + dims + " (expected 1 to 3 dimensions)");
    }
    if (dims.get(0) != fields.size()) {
      throw new IllegalArgumentException(
          "Cannot use shape: " + dims + " (expected " + fields.size() + " fields first)");
    }
  }

  /** [features]. */
  public static Shape features(List<Field> fields) {
    return new Shape(List.of(fields.size()), fields);
  }

  /** [channels, height, width]. */
  public static Shape image(List<Field> channels, int height, int width) {
    return new Shape(List.of(channels.size(), height, width), channels);
  }

  /** [columns, length]. */
  public static Shape window(List<Field> columns, int length) {
    return new Shape(List.of(columns.size(), length), columns);
  }

  /** Values of an example. */
  public int elements() {
    return product(0);
  }

  /** Values of one field: 1, height times width, or length. */
  public int plane() {
    return product(1);
  }

  // No stream: this is called for each example and must not allocate.
  private int product(int from) {
    int product = 1;
    for (int i = from; i < dims.size(); i++) {
      product = Math.multiplyExact(product, dims.get(i));
    }
    return product;
  }

  public boolean isImage() {
    return dims.size() == 3;
  }

  /** The same further axes with other fields. */
  Shape with(List<Field> others) {
    return switch (dims.size()) {
      case 1 -> features(others);
      case 2 -> window(others, dims.get(1));
      default -> image(others, dims.get(1), dims.get(2));
    };
  }
}
