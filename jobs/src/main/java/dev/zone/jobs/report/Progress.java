package dev.zone.jobs.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * What {@code metrics.jsonl} says of the training.
 *
 * @param start the line of type start
 * @param epochs in the order of their lines
 * @param steps the lines of type step, thinned to {@link #MOST_STEPS}
 */
record Progress(Facts start, List<Epoch> epochs, List<Step> steps) {
  static final int MOST_STEPS = 400;

  Progress {
    epochs = List.copyOf(epochs);
    steps = List.copyOf(steps);
  }

  /** Values that a line lacks are empty. */
  record Epoch(
      int fold,
      int epoch,
      int step,
      OptionalDouble loss,
      OptionalDouble learningRate,
      OptionalDouble seconds,
      OptionalDouble examplesPerSecond,
      Map<String, Double> validation,
      boolean best) {}

  record Step(int fold, double seconds, double examplesPerSecond) {}

  static Progress of(List<Facts> lines) {
    Facts start = Facts.NONE;
    List<Epoch> epochs = new ArrayList<>();
    List<Step> steps = new ArrayList<>();
    for (Facts line : lines) {
      switch (line.text("type").orElse("")) {
        case "start" -> start = line;
        case "epoch" -> epochs.add(epoch(line));
        case "step" -> {
          OptionalDouble seconds = line.number("seconds");
          OptionalDouble speed = line.number("examplesPerSecond");
          if (seconds.isPresent() && speed.isPresent()) {
            steps.add(
                new Step(
                    (int) line.number("fold").orElse(1),
                    seconds.getAsDouble(),
                    speed.getAsDouble()));
          }
        }
        default -> {
          // Checkpoints, and types that later versions write.
        }
      }
    }
    List<Step> thinned = new ArrayList<>();
    int every = Math.max(1, (steps.size() + MOST_STEPS - 1) / MOST_STEPS);
    for (int i = 0; i < steps.size(); i += every) {
      thinned.add(steps.get(i));
    }
    return new Progress(start, epochs, thinned);
  }

  private static Epoch epoch(Facts line) {
    Map<String, Double> validation = new LinkedHashMap<>();
    line.fields("validation")
        .forEach((name, value) -> value.number().ifPresent(found -> validation.put(name, found)));
    return new Epoch(
        (int) line.number("fold").orElse(1),
        (int) line.number("epoch").orElse(0),
        (int) line.number("step").orElse(0),
        line.number("loss"),
        line.number("learningRate"),
        line.number("seconds"),
        line.number("examplesPerSecond"),
        validation,
        line.isTrue("best"));
  }

  List<Integer> folds() {
    return epochs.stream().map(Epoch::fold).distinct().sorted().toList();
  }

  /** The training whose model is exported: the last, which follows the folds if there are any. */
  int kept() {
    List<Integer> folds = folds();
    return folds.get(folds.size() - 1);
  }

  /**
   * Whether a training serves the cross-validation alone: all but the last of the trainings that
   * the start announced.
   */
  boolean isFold(int fold) {
    return fold < start.number("folds").orElse(1);
  }

  List<Epoch> ofFold(int fold) {
    return epochs.stream().filter(epoch -> epoch.fold() == fold).toList();
  }

  /** The last epoch that was the best so far: the one that is exported. */
  OptionalInt exported(int fold) {
    return ofFold(fold).stream().filter(Epoch::best).mapToInt(Epoch::epoch).reduce((a, b) -> b);
  }

  /** Time from the first step to the last epoch's end, over all folds. */
  OptionalDouble seconds() {
    double sum = 0;
    boolean any = false;
    for (int fold : folds()) {
      List<Epoch> own = ofFold(fold);
      OptionalDouble last = own.get(own.size() - 1).seconds();
      any |= last.isPresent();
      sum += last.orElse(0);
    }
    return any ? OptionalDouble.of(sum) : OptionalDouble.empty();
  }

  /** The median over the epochs. */
  OptionalDouble examplesPerSecond() {
    double[] speeds =
        epochs.stream()
            .map(Epoch::examplesPerSecond)
            .filter(OptionalDouble::isPresent)
            .mapToDouble(OptionalDouble::getAsDouble)
            .sorted()
            .toArray();
    return speeds.length == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(speeds[speeds.length / 2]);
  }

  Optional<Epoch> last() {
    return epochs.isEmpty() ? Optional.empty() : Optional.of(epochs.get(epochs.size() - 1));
  }
}
