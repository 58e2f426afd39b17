package dev.zone.datasets.prepare;

import dev.zone.conf.SplitSpec.Split;
import dev.zone.conf.WindowSpec;
import dev.zone.conf.error.Problems;
import dev.zone.datasets.NumberColumn;
import dev.zone.datasets.Table;
import java.util.Arrays;

/**
 * Exponential moving averages along series: the first row as it is, then {@code weight * row + (1 -
 * weight) * average before}. A missing value leaves the average where it is. Looks back only, so a
 * row's average holds nothing that was not known at its time.
 */
final class Smoothing {
  private final Table table;
  private final double weight;
  private final Examples series;

  Smoothing(Table table, WindowSpec windows, double weight, Problems problems) {
    this.table = table;
    this.weight = weight;
    int[] rows = new int[table.rows()];
    Arrays.setAll(rows, i -> i);
    series = Examples.ofWindows(table, rows, windows, Split.TRAIN, problems);
  }

  NumberColumn of(NumberColumn column) {
    double[] smoothed = new double[table.rows()];
    int[] order = series.order();
    double average = Double.NaN;
    for (int place = 0; place < order.length; place++) {
      double value = column.value(order[place]);
      if (series.seriesStart(place) == place || Double.isNaN(average)) {
        average = value;
      } else if (!Double.isNaN(value)) {
        average += weight * (value - average);
      }
      smoothed[order[place]] = average;
    }
    return NumberColumn.of(smoothed.length, row -> smoothed[row]);
  }
}
