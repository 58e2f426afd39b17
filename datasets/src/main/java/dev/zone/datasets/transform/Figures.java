package dev.zone.datasets.transform;

/** What each field's values are like over some rows. */
final class Figures {
  /** Of the present, finite values. */
  private final Moments moments;

  private final long[] missing;
  private final long[] infinite;

  private Figures(int fields) {
    moments = new Moments(fields);
    missing = new long[fields];
    infinite = new long[fields];
  }

  /** Of the rows after the pipeline. */
  static Figures of(Pipeline pipeline, RowSource rows) {
    return of(pipeline, rows, true);
  }

  /** Only what is missing or infinite: much faster. */
  static Figures gaps(Pipeline pipeline, RowSource rows) {
    return of(pipeline, rows, false);
  }

  private static Figures of(Pipeline pipeline, RowSource rows, boolean all) {
    Shape shape = pipeline.out();
    Figures figures = new Figures(shape.fields().size());
    boolean[] categories = new boolean[shape.fields().size()];
    for (int field = 0; field < categories.length; field++) {
      categories[field] = shape.fields().get(field).isCategory();
    }
    int plane = shape.plane();
    Rows.each(
        pipeline,
        rows,
        (row, values) -> {
          for (int field = 0; field < categories.length; field++) {
            int from = field * plane;
            figures.look(field, values, from, from + plane, categories[field]);
            if (all) {
              figures.moments.add(field, values, from, from + plane);
            }
          }
        });
    return figures;
  }

  /** Counts what is no value, and makes it NaN. */
  private void look(int field, float[] values, int from, int to, boolean category) {
    if (!category && areFinite(values, from, to)) {
      return;
    }
    for (int i = from; i < to; i++) {
      if (Indicate.isMissing(values[i], category)) {
        values[i] = Float.NaN;
        missing[field]++;
      } else if (Float.isInfinite(values[i])) {
        values[i] = Float.NaN;
        infinite[field]++;
      }
    }
  }

  private static boolean areFinite(float[] values, int from, int to) {
    for (int i = from; i < to; i++) {
      if (!(Math.abs(values[i]) <= Float.MAX_VALUE)) {
        return false;
      }
    }
    return true;
  }

  Moments moments() {
    return moments;
  }

  boolean isMissing(int field) {
    return missing[field] > 0;
  }

  boolean isInfinite(int field) {
    return infinite[field] > 0;
  }

  /** Whether no value is there to learn from. */
  boolean isEmpty(int field) {
    return moments.count(field) == 0;
  }
}
