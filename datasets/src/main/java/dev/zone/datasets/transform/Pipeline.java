package dev.zone.datasets.transform;

import com.google.gson.JsonObject;
import dev.zone.conf.TransformSpec;
import dev.zone.conf.error.Problems;
import java.util.List;

/**
 * Fitted transforms in their order: what training learned about the values, saved beside the model
 * and used again for predictions. Immutable, and safe for several threads at once: each has its own
 * buffers, made at its first call.
 */
public final class Pipeline {
  private final Shape in;
  private final Shape out;
  private final List<Step> steps;
  private final ThreadLocal<float[][]> buffers;

  Pipeline(Shape in, List<Step> steps) {
    this.in = in;
    this.steps = List.copyOf(steps);
    out = steps.isEmpty() ? in : steps.get(steps.size() - 1).out();
    // All but the last step's results go to two buffers in turn.
    int largest = this.steps.stream().mapToInt(step -> step.out().elements()).max().orElse(0);
    int count = Math.min(2, Math.max(0, steps.size() - 1));
    buffers = ThreadLocal.withInitial(() -> new float[count][largest]);
  }

  /**
   * Learns from the training rows what the transforms need. Deterministic: rows are read in their
   * order, sums are in double precision.
   *
   * <p>Numbers' transforms leave categories alone. Codes below 0 count as missing.
   *
   * @param in of one example
   * @param training the rows of the training split, and no others
   * @param targets of the same rows; {@code select} asks for them
   * @param problems receives what cannot be done, also values that are missing, infinite or
   *     categories after all transforms; the result is not to be used then
   * @param where place for the problems, such as {@code job.yaml:7:3}
   */
  public static Pipeline fit(
      List<TransformSpec> specs,
      Shape in,
      RowSource training,
      RowTargets targets,
      Problems problems,
      String where) {
    return new Fitter(in, training, targets, new Report(problems, where)).fit(specs);
  }

  /** Of an example before the transforms. */
  public Shape in() {
    return in;
  }

  /** Of an example after the transforms: no categories. */
  public Shape out() {
    return out;
  }

  /**
   * Transforms one example. A value that is missing where training missed none, and that no impute
   * fills, comes out as NaN: see {@link #check}.
   *
   * @param from {@link #in()} values, unchanged
   * @param into receives {@link #out()} values; another array
   */
  public void apply(float[] from, float[] into) {
    if (from.length < in.elements() || into.length < out.elements() || from == into) {
      throw new IllegalArgumentException(
          "Cannot transform "
              + from.length
              + " values to "
              + into.length
              + " (expected two arrays,"
              + " of "
              + in.elements()
              + " and "
              + out.elements()
              + ")");
    }
    if (steps.isEmpty()) {
      System.arraycopy(from, 0, into, 0, out.elements());
      return;
    }
    float[][] own = buffers.get();
    float[] values = from;
    int last = steps.size() - 1;
    for (int i = 0; i < last; i++) {
      steps.get(i).apply(values, own[i % 2]);
      values = own[i % 2];
    }
    steps.get(last).apply(values, into);
  }

  /**
   * Looks for values that a model cannot use after the transforms: missing or infinite ones.
   * Fitting does it for the training rows; this is for those of other splits.
   *
   * @param where place for the problems
   */
  public void check(RowSource rows, Problems problems, String where) {
    new Report(problems, where).unusable(Figures.gaps(this, rows), out);
  }

  /** All that {@link #fromJson} needs to make a pipeline that gives the same bits. */
  public JsonObject toJson() {
    return PipelineJson.write(in, steps);
  }

  /**
   * @param json from {@link #toJson}; not trusted
   * @throws dev.zone.conf.error.ZoneException of the user's kind if it is anything else
   */
  public static Pipeline fromJson(JsonObject json) {
    return PipelineJson.read(json);
  }
}
