package dev.zone.datasets.generate;

import dev.zone.datasets.SeededRandom;
import java.util.Arrays;
import java.util.List;

/**
 * Multinomial logistic regression by stochastic gradient descent, on standardised values: a linear
 * model cheap enough for tests. The first half of the rows is for training, the other for testing.
 */
final class Logistic {
  private final double[][] weights;
  private final double[] scores;

  private Logistic(int classes, int width) {
    weights = new double[classes][width];
    scores = new double[classes];
  }

  /** Share of the second half that is classified rightly. */
  static double accuracy(List<double[]> rows, String[] labels, double rate, int epochs) {
    List<String> classes = Arrays.stream(labels).distinct().toList();
    int half = rows.size() / 2;
    double[][] values = standardised(rows, half);
    Logistic model = new Logistic(classes.size(), values[0].length);
    SeededRandom random = new SeededRandom(1);
    for (int epoch = 0; epoch < epochs; epoch++) {
      for (int i = 0; i < half; i++) {
        int row = random.nextInt(half);
        model.learn(values[row], classes.indexOf(labels[row]), rate / (1 + epoch));
      }
    }
    int right = 0;
    for (int row = half; row < values.length; row++) {
      right += model.predict(values[row]) == classes.indexOf(labels[row]) ? 1 : 0;
    }
    return (double) right / (values.length - half);
  }

  private int predict(double[] row) {
    int best = 0;
    for (int k = 0; k < scores.length; k++) {
      scores[k] = 0;
      for (int i = 0; i < row.length; i++) {
        scores[k] += weights[k][i] * row[i];
      }
      best = scores[k] > scores[best] ? k : best;
    }
    return best;
  }

  private void learn(double[] row, int label, double rate) {
    double highest = scores[predict(row)];
    double sum = 0;
    for (int k = 0; k < scores.length; k++) {
      scores[k] = StrictMath.exp(scores[k] - highest);
      sum += scores[k];
    }
    for (int k = 0; k < scores.length; k++) {
      double step = rate * (scores[k] / sum - (k == label ? 1 : 0));
      for (int i = 0; i < row.length; i++) {
        weights[k][i] -= step * row[i];
      }
    }
  }

  /** By the training half; with a 1 at the end. */
  private static double[][] standardised(List<double[]> rows, int half) {
    int width = rows.get(0).length;
    double[][] values = new double[rows.size()][width + 1];
    for (int i = 0; i < width; i++) {
      double mean = 0;
      double squares = 0;
      for (int row = 0; row < half; row++) {
        mean += rows.get(row)[i] / half;
        squares += rows.get(row)[i] * rows.get(row)[i] / half;
      }
      double variance = squares - mean * mean;
      for (int row = 0; row < values.length; row++) {
        values[row][i] = variance > 1e-9 ? (rows.get(row)[i] - mean) / Math.sqrt(variance) : 0;
        values[row][width] = 1;
      }
    }
    return values;
  }
}
