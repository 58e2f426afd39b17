package dev.zone.datasets.generate;

import java.util.List;

/** Linear regression: the first half of the rows is for training, the other for testing. */
final class LeastSquares {
  private LeastSquares() {}

  /**
   * @param rows values, and the target last
   * @return root mean square error on the second half
   */
  static double error(List<double[]> rows) {
    int half = rows.size() / 2;
    int width = rows.get(0).length;
    double[] means = new double[width];
    for (double[] row : rows.subList(0, half)) {
      for (int i = 0; i < width; i++) {
        means[i] += row[i] / half;
      }
    }
    double[][] products = new double[width - 1][width];
    for (double[] row : rows.subList(0, half)) {
      for (int i = 0; i < width - 1; i++) {
        for (int k = 0; k < width; k++) {
          products[i][k] += (row[i] - means[i]) * (row[k] - means[k]);
        }
      }
    }
    double[] weights = solve(products);
    double squares = 0;
    for (double[] row : rows.subList(half, rows.size())) {
      double off = means[width - 1] - row[width - 1];
      for (int i = 0; i < width - 1; i++) {
        off += weights[i] * (row[i] - means[i]);
      }
      squares += off * off;
    }
    return Math.sqrt(squares / (rows.size() - half));
  }

  /** Gauss and Jordan, on a positive definite matrix with the right side as its last column. */
  private static double[] solve(double[][] matrix) {
    int size = matrix.length;
    for (int pivot = 0; pivot < size; pivot++) {
      matrix[pivot][pivot] *= 1 + 1e-9;
      for (int row = 0; row < size; row++) {
        double factor = row == pivot ? 0 : matrix[row][pivot] / matrix[pivot][pivot];
        for (int i = pivot; factor != 0 && i <= size; i++) {
          matrix[row][i] -= factor * matrix[pivot][i];
        }
      }
    }
    double[] solution = new double[size];
    for (int i = 0; i < size; i++) {
      solution[i] = matrix[i][size] / matrix[i][i];
    }
    return solution;
  }
}
