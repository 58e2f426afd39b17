package dev.zone.datasets.admission;

import dev.zone.datasets.CodedColumn;
import dev.zone.datasets.Column;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * How well one column alone tells the label: for classes the balanced accuracy of the best class of
 * each interval (each category) of the column, learned on one half of the rows and counted on the
 * other; for numbers the correlation.
 */
final class Giveaway {
  private static final int INTERVALS = 64;
  private static final int MAX_CATEGORIES = 4096;
  private static final double BALANCED_ACCURACY = 0.98;
  private static final double CORRELATION = 0.995;
  private static final int ENOUGH = 100;

  /** A value of so many rows or more that nearly all are of a rare class gives that away. */
  private static final int SURE_ROWS = 10;

  private static final double SURE_SHARE = 0.98;
  private static final double RARE = 0.2;
  private static final int FEW_VALUES = 20;

  private final int[] rows;
  private final int classes;
  private final double[] targets;

  Giveaway(int[] rows, ColumnFindings.Target target, int classes) {
    this.rows = rows;
    this.classes = classes;
    this.targets = Arrays.stream(rows).mapToDouble(target::of).toArray();
  }

  /** The figure in words, if it is near perfect. */
  Optional<String> score(Column column) {
    if (rows.length < ENOUGH || classes == 1) {
      return Optional.empty();
    }
    double score = classes == 0 ? Math.abs(correlation(column)) : balancedAccuracy(column);
    if (score < (classes == 0 ? CORRELATION : BALANCED_ACCURACY)) {
      return classes == 0 ? Optional.empty() : sureValue(column);
    }
    return Optional.of(
        String.format(
            Locale.ROOT, "%s %.3f", classes == 0 ? "correlation" : "balanced accuracy", score));
  }

  /** Of a column with few values: one whose rows are nearly all of a class that is rare. */
  private Optional<String> sureValue(Column column) {
    Map<Double, int[]> counts = new HashMap<>();
    int[] all = new int[classes];
    for (int i = 0; i < rows.length; i++) {
      double value = ColumnFindings.value(column, rows[i]);
      int[] of = counts.computeIfAbsent(value, none -> new int[classes]);
      if (counts.size() > FEW_VALUES) {
        return Optional.empty();
      }
      of[(int) targets[i]]++;
      all[(int) targets[i]]++;
    }
    for (int[] of : counts.values()) {
      int sum = Arrays.stream(of).sum();
      for (int c = 0; c < classes; c++) {
        if (sum >= SURE_ROWS && of[c] >= SURE_SHARE * sum && all[c] <= RARE * rows.length) {
          return Optional.of(
              String.format(
                  Locale.ROOT,
                  "%d of the %d rows of one value are of a class that %.1f %% of all are of",
                  of[c],
                  sum,
                  100.0 * all[c] / rows.length));
        }
      }
    }
    return Optional.empty();
  }

  private double correlation(Column column) {
    if (column instanceof CodedColumn) {
      return 0;
    }
    double meanX = 0;
    double meanY = 0;
    double squaresX = 0;
    double squaresY = 0;
    double products = 0;
    int count = 0;
    for (int i = 0; i < rows.length; i++) {
      double x = ColumnFindings.value(column, rows[i]);
      if (Double.isNaN(x)) {
        continue;
      }
      // Welford's updates: stable for values far from 0.
      count++;
      double stepX = x - meanX;
      double stepY = targets[i] - meanY;
      meanX += stepX / count;
      meanY += stepY / count;
      squaresX += stepX * (x - meanX);
      squaresY += stepY * (targets[i] - meanY);
      products += stepX * (targets[i] - meanY);
    }
    return squaresX > 0 && squaresY > 0 ? products / Math.sqrt(squaresX * squaresY) : 0;
  }

  private double balancedAccuracy(Column column) {
    int bins = column instanceof CodedColumn coded ? coded.values().size() + 1 : INTERVALS + 1;
    if (bins > MAX_CATEGORIES) {
      return 0;
    }
    int[] bin = column instanceof CodedColumn coded ? codes(coded) : intervals(column);
    int[][] counts = new int[bins][classes];
    int[] seen = new int[classes];
    for (int i = 0; i < rows.length; i++) {
      // Halves by turns within each class: both have all classes.
      int target = (int) targets[i];
      if (seen[target]++ % 2 == 0) {
        counts[bin[i]][target]++;
      }
    }
    int[] best = new int[bins];
    for (int b = 0; b < bins; b++) {
      for (int c = 1; c < classes; c++) {
        best[b] = counts[b][c] > counts[b][best[b]] ? c : best[b];
      }
    }
    int[] right = new int[classes];
    int[] all = new int[classes];
    Arrays.fill(seen, 0);
    for (int i = 0; i < rows.length; i++) {
      int target = (int) targets[i];
      if (seen[target]++ % 2 == 1) {
        all[target]++;
        right[target] += best[bin[i]] == target ? 1 : 0;
      }
    }
    double recalls = 0;
    int present = 0;
    for (int c = 0; c < classes; c++) {
      if (all[c] > 0) {
        recalls += (double) right[c] / all[c];
        present++;
      }
    }
    return present < 2 ? 0 : recalls / present;
  }

  private int[] codes(CodedColumn coded) {
    return Arrays.stream(rows).map(row -> coded.code(row) + 1).toArray();
  }

  /** Intervals with about as many rows each; 0 for missing values. */
  private int[] intervals(Column column) {
    double[] values =
        Arrays.stream(rows).mapToDouble(row -> ColumnFindings.value(column, row)).toArray();
    double[] sorted =
        Arrays.stream(values).filter(value -> !Double.isNaN(value)).sorted().toArray();
    double[] bounds = new double[INTERVALS - 1];
    for (int i = 0; i < bounds.length; i++) {
      bounds[i] =
          sorted.length == 0 ? 0 : sorted[(int) ((long) (i + 1) * sorted.length / INTERVALS)];
    }
    int[] intervals = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      if (!Double.isNaN(values[i])) {
        int found = Arrays.binarySearch(bounds, values[i]);
        while (found > 0 && bounds[found - 1] == values[i]) {
          found--;
        }
        intervals[i] = 1 + (found < 0 ? -found - 1 : found);
      }
    }
    return intervals;
  }
}
