package dev.zone.jobs.evaluation;

import java.util.OptionalDouble;

/**
 * How one class, or one label, fared against all the others.
 *
 * @param index of the class
 * @param name of the class
 * @param support examples of the class
 * @param predicted examples said to be of the class
 * @param truePositives examples of the class said to be of it
 * @param precision truePositives / predicted; empty if never predicted
 * @param recall truePositives / support; empty if there are no examples
 * @param f1 2 truePositives / (support + predicted); empty if both are 0
 * @param auc one against the rest; empty unless there are examples of it and of others
 * @param averagePrecision one against the rest; empty if there are no examples
 */
public record ClassResult(
    int index,
    String name,
    long support,
    long predicted,
    long truePositives,
    OptionalDouble precision,
    OptionalDouble recall,
    OptionalDouble f1,
    OptionalDouble auc,
    OptionalDouble averagePrecision) {

  static ClassResult of(
      int index, String name, Confusion confusion, int row, OptionalDouble auc, OptionalDouble ap) {
    return new ClassResult(
        index,
        name,
        confusion.support(row),
        confusion.predicted(row),
        confusion.count(row, row),
        confusion.precision(row),
        confusion.recall(row),
        confusion.f1(row),
        auc,
        ap);
  }
}
