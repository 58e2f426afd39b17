package dev.zone.jobs.evaluation;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * An example that the model got most wrong.
 *
 * @param example its index in the split
 * @param origin where it comes from: file and row
 * @param target the class index, or the number in the target's unit
 * @param predicted the class index, or the number in the target's unit
 * @param probability that the model gave to the class it predicted; empty for regression
 */
public record WorstExample(
    int example,
    Optional<String> origin,
    double target,
    double predicted,
    OptionalDouble probability) {
  WorstExample withOrigin(String where) {
    return new WorstExample(example, Optional.of(where), target, predicted, probability);
  }
}
