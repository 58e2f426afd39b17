package dev.zone.datasets.transform;

import dev.zone.conf.error.Problems;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Problems of one input's transforms, in words. */
record Report(Problems problems, String where) {
  private static final int NAMED = 10;

  void add(String message) {
    problems.add(where, message);
  }

  /** Values no model can use after the transforms. */
  void unusable(Figures figures, Shape shape) {
    List<String> missing =
        names(shape, field -> figures.isMissing(field) && !shape.fields().get(field).isCategory());
    if (!missing.isEmpty()) {
      add(
          "Cannot use missing values: "
              + columns(missing)
              + " (expected an impute transform, which fills them, or a dataset without)");
    }
    List<String> infinite = names(shape, figures::isInfinite);
    if (!infinite.isEmpty()) {
      add(
          "Cannot use infinite values: "
              + columns(infinite)
              + " (expected finite numbers, in single precision also after the transforms)");
    }
    List<String> categories = names(shape, field -> shape.fields().get(field).isCategory());
    if (!categories.isEmpty()) {
      add("Cannot use categories: " + columns(categories) + " (expected a oneHot transform)");
    }
  }

  static List<String> names(Shape shape, IntPredicate which) {
    return IntStream.range(0, shape.fields().size())
        .filter(which)
        .mapToObj(field -> shape.fields().get(field).name())
        .toList();
  }

  /** {@code column 'a'} or {@code columns 'a', 'b' and 3 more}. */
  static String columns(List<String> names) {
    String listed =
        names.stream().limit(NAMED).map(name -> "'" + name + "'").collect(Collectors.joining(", "));
    String more = names.size() > NAMED ? " and " + (names.size() - NAMED) + " more" : "";
    return (names.size() == 1 ? "column " : "columns ") + listed + more;
  }
}
