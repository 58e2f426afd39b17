package dev.zone.datasets.transform;

import dev.zone.conf.TransformSpec;
import dev.zone.conf.error.Problem;
import dev.zone.conf.error.Problems;
import dev.zone.datasets.SeededRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Small examples for tests. */
final class Data {
  static final float NAN = Float.NaN;

  private Data() {}

  static final class Lines implements RowSource {
    private final float[][] lines;

    Lines(float[]... lines) {
      this.lines = lines;
    }

    float[][] lines() {
      return lines;
    }

    @Override
    public int count() {
      return lines.length;
    }

    @Override
    public void read(int row, float[] into) {
      System.arraycopy(lines[row], 0, into, 0, lines[row].length);
    }
  }

  static final class Labels implements RowTargets {
    private final int classes;
    private final double[] values;

    Labels(int classes, double... values) {
      this.classes = classes;
      this.values = values;
    }

    @Override
    public int classes() {
      return classes;
    }

    @Override
    public double target(int row) {
      return values[row];
    }
  }

  static float[] row(double... values) {
    float[] row = new float[values.length];
    for (int i = 0; i < row.length; i++) {
      row[i] = (float) values[i];
    }
    return row;
  }

  /** Numbers named a, b, c … */
  static Shape numbers(int count) {
    List<Field> fields = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      fields.add(Field.number(String.valueOf((char) ('a' + i))));
    }
    return Shape.features(fields);
  }

  static Lines random(int rows, int values, long seed) {
    SeededRandom random = new SeededRandom(seed);
    float[][] lines = new float[rows][values];
    for (float[] line : lines) {
      for (int i = 0; i < values; i++) {
        line[i] = (float) (random.nextGaussian() * (i + 1) + 10 * i);
      }
    }
    return new Lines(lines);
  }

  static Labels unlabelled(RowSource rows) {
    return new Labels(0, new double[rows.count()]);
  }

  static Pipeline fit(Shape shape, RowSource rows, RowTargets targets, TransformSpec... specs) {
    Problems problems = new Problems();
    Pipeline pipeline =
        Pipeline.fit(List.of(specs), shape, rows, targets, problems, "job.yaml:3:5");
    problems.throwIfAny();
    return pipeline;
  }

  static Pipeline fit(Shape shape, RowSource rows, TransformSpec... specs) {
    return fit(shape, rows, unlabelled(rows), specs);
  }

  static List<String> problems(
      Shape shape, RowSource rows, RowTargets targets, TransformSpec... specs) {
    Problems problems = new Problems();
    Pipeline.fit(List.of(specs), shape, rows, targets, problems, "job.yaml:3:5");
    return problems.list().stream().map(Problem::toString).toList();
  }

  static List<String> problems(Shape shape, RowSource rows, TransformSpec... specs) {
    return problems(shape, rows, unlabelled(rows), specs);
  }

  static float[] apply(Pipeline pipeline, double... values) {
    float[] out = new float[pipeline.out().elements()];
    pipeline.apply(row(values), out);
    return out;
  }

  static TransformSpec impute(TransformSpec.Impute.Strategy strategy, double value) {
    return new TransformSpec.Impute(strategy, value);
  }

  static TransformSpec clip(double low, double high) {
    return new TransformSpec.Clip(Optional.of(low), Optional.of(high), Optional.empty());
  }

  static TransformSpec sigmas(double sigmas) {
    return new TransformSpec.Clip(Optional.empty(), Optional.empty(), Optional.of(sigmas));
  }
}
