package dev.zone.datasets.transform;

import java.util.Comparator;
import java.util.stream.IntStream;

/** How much each field tells about the target. Missing values are left out. */
final class Scores {
  private Scores() {}

  /**
   * The F statistic of the one-way analysis of variance: variance between the classes' means over
   * variance within the classes. 0 where it is not defined; infinite where the classes are told
   * apart without error. All values of an image's channel or a window's column count.
   */
  static double[] anova(Pipeline pipeline, RowSource rows, RowTargets targets) {
    int classes = targets.classes();
    int fields = pipeline.out().fields().size();
    int plane = pipeline.out().plane();
    Moments moments = new Moments(fields * classes);
    Rows.each(
        pipeline,
        rows,
        (row, values) -> {
          int label = (int) targets.target(row);
          for (int field = 0; field < fields; field++) {
            moments.add(field * classes + label, values, field * plane, (field + 1) * plane);
          }
        });
    double[] scores = new double[fields];
    for (int field = 0; field < fields; field++) {
      scores[field] = f(moments, field * classes, classes);
    }
    return scores;
  }

  private static double f(Moments moments, int start, int classes) {
    long count = 0;
    int present = 0;
    double mean = 0;
    double within = 0;
    float low = Float.POSITIVE_INFINITY;
    float high = Float.NEGATIVE_INFINITY;
    for (int i = start; i < start + classes; i++) {
      if (moments.count(i) > 0) {
        present++;
        count += moments.count(i);
        mean += (moments.mean(i) - mean) * ((double) moments.count(i) / count);
        within += moments.isConstant(i) ? 0 : moments.squares(i);
        low = Math.min(low, moments.low(i));
        high = Math.max(high, moments.high(i));
      }
    }
    double between = 0;
    for (int i = start; i < start + classes; i++) {
      double distance = moments.mean(i) - mean;
      between += moments.count(i) == 0 ? 0 : distance * distance * moments.count(i);
    }
    if (present < 2 || count <= present || low >= high) {
      return 0;
    }
    return (between / (present - 1)) / (within / (count - present));
  }

  /** The absolute value of Pearson's correlation; 0 where it is not defined. */
  static double[] correlation(Pipeline pipeline, RowSource rows, RowTargets targets) {
    int fields = pipeline.out().fields().size();
    int plane = pipeline.out().plane();
    Pairs[] pairs = new Pairs[fields];
    for (int field = 0; field < fields; field++) {
      pairs[field] = new Pairs();
    }
    Rows.each(
        pipeline,
        rows,
        (row, values) -> {
          double target = targets.target(row);
          for (int i = 0; i < fields * plane; i++) {
            if (!Float.isNaN(values[i])) {
              pairs[i / plane].add(values[i], target);
            }
          }
        });
    double[] scores = new double[fields];
    for (int field = 0; field < fields; field++) {
      scores[field] = pairs[field].correlation();
    }
    return scores;
  }

  /** Welford's running means and sums of products. */
  private static final class Pairs {
    private long count;
    private double meanX;
    private double meanY;
    private double xx;
    private double yy;
    private double xy;

    void add(double x, double y) {
      count++;
      double fromX = x - meanX;
      double fromY = y - meanY;
      meanX += fromX / count;
      meanY += fromY / count;
      xx += fromX * (x - meanX);
      yy += fromY * (y - meanY);
      xy += fromX * (y - meanY);
    }

    double correlation() {
      double correlation = Math.abs(xy) / Math.sqrt(xx) / Math.sqrt(yy);
      return Double.isFinite(correlation) ? correlation : 0;
    }
  }

  /** The fields with the highest scores, the first of equals, in the fields' order. */
  static int[] best(double[] scores, int top) {
    return IntStream.range(0, scores.length)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer field) -> -scores[field]))
        .limit(top)
        .mapToInt(Integer::intValue)
        .sorted()
        .toArray();
  }
}
