package dev.zone.datasets.transform;

/** Reads rows through a pipeline. */
final class Rows {
  private Rows() {}

  interface Visitor {
    /**
     * @param values of the row after the transforms; may be changed
     */
    void visit(int row, float[] values);
  }

  static void each(Pipeline pipeline, RowSource rows, Visitor visitor) {
    float[] raw = new float[pipeline.in().elements()];
    float[] values = new float[pipeline.out().elements()];
    for (int row = 0; row < rows.count(); row++) {
      rows.read(row, raw);
      pipeline.apply(raw, values);
      visitor.visit(row, values);
    }
  }
}
