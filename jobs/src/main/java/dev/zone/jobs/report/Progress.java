package dev.zone.jobs.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * What {@code metrics.jsonl} says of the training.
 *
 * @param start the line of type start
 * @param epochs in the order of their lines
 * @param validations in the order of their lines: those of an epoch's end, and those between
 * @param bySteps whether validations are between the epochs' ends too, by number of steps
 * @param steps the lines of type step, thinned to {@link #MOST_STEPS}
 */
record Progress(
    Facts start,
    List<Epoch> epochs,
    List<Validation> validations,
    boolean bySteps,
    List<Step> steps) {
  static final int MOST_STEPS = 400;

  Progress {
    epochs = List.copyOf(epochs);
    validations = List.copyOf(validations);
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
      OptionalDouble examplesPerSecond) {}

  /**
   * @param epoch that ended, or was at work
   * @param step after which it was
   * @param metrics by their names in files
   * @param best whether it was the best so far
   */
  record Validation(int fold, int epoch, int step, Map<String, Double> metrics, boolean best) {
    Validation {
      metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
    }
  }

  record Step(int fold, double seconds, double examplesPerSecond) {}

  static Progress of(List<Facts> lines) {
    Facts start = Facts.NONE;
    List<Epoch> epochs = new ArrayList<>();
    List<Validation> validations = new ArrayList<>();
    boolean bySteps = false;
    List<Step> steps = new ArrayList<>();
    for (Facts line : lasting(lines)) {
      switch (line.text("type").orElse("")) {
        case "start" -> start = line;
        case "epoch" -> {
          epochs.add(epoch(line));
          if (!line.fields("validation").isEmpty()) {
            validations.add(validation(line));
          }
        }
        case "validation" -> {
          validations.add(validation(line));
          bySteps = true;
        }
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
    return new Progress(start, epochs, validations, bySteps, thinned);
  }

  /**
   * Without what was done again: an attempt that goes on from a step takes back what was told
   * before of later steps, and of the folds that come after.
   */
  private static List<Facts> lasting(List<Facts> lines) {
    List<Facts> lasting = new ArrayList<>();
    for (Facts line : lines) {
      if (line.text("type").orElse("").equals("resume")) {
        double fold = line.number("fold").orElse(1);
        double step = line.number("step").orElse(0);
        double epochs = line.number("epoch").orElse(0);
        lasting.removeIf(
            before -> {
              double its = before.number("fold").orElse(1);
              return before.number("step").isPresent()
                  && (its > fold
                      || its == fold && before.number("step").getAsDouble() > step
                      // A checkpoint of an epoch's last step is taken before the epoch's end.
                      || its == fold
                          && before.text("type").orElse("").equals("epoch")
                          && before.number("epoch").orElse(0) > epochs);
            });
      } else {
        lasting.add(line);
      }
    }
    return lasting;
  }

  private static Epoch epoch(Facts line) {
    return new Epoch(
        (int) line.number("fold").orElse(1),
        (int) line.number("epoch").orElse(0),
        (int) line.number("step").orElse(0),
        line.number("loss"),
        line.number("learningRate"),
        line.number("seconds"),
        line.number("examplesPerSecond"));
  }

  private static Validation validation(Facts line) {
    Map<String, Double> metrics = new LinkedHashMap<>();
    line.fields("validation")
        .forEach((name, value) -> value.number().ifPresent(found -> metrics.put(name, found)));
    return new Validation(
        (int) line.number("fold").orElse(1),
        (int) line.number("epoch").orElse(0),
        (int) line.number("step").orElse(0),
        metrics,
        line.isTrue("best"));
  }

  /** A training may end, or be looked at, before its first epoch does. */
  List<Integer> folds() {
    return IntStream.concat(
            epochs.stream().mapToInt(Epoch::fold), validations.stream().mapToInt(Validation::fold))
        .distinct()
        .sorted()
        .boxed()
        .toList();
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

  List<Validation> validationsOf(int fold) {
    return validations.stream().filter(one -> one.fold() == fold).toList();
  }

  boolean isValidated(String metric) {
    return validations.stream().anyMatch(one -> one.metrics().containsKey(metric));
  }

  /** The last validation that was the best so far: its parameters are exported. */
  Optional<Validation> exported(int fold) {
    return validationsOf(fold).stream().filter(Validation::best).reduce((a, b) -> b);
  }

  /** Time from the first step to the last epoch's end, over all folds. */
  OptionalDouble seconds() {
    double sum = 0;
    boolean any = false;
    for (int fold : folds()) {
      OptionalDouble last =
          ofFold(fold).stream()
              .map(Epoch::seconds)
              .reduce((a, b) -> b)
              .orElse(OptionalDouble.empty());
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

  /** Of the last training, as far as epochs and validations tell; early stopping may be between. */
  int lastStep() {
    int fold = kept();
    return IntStream.concat(
            ofFold(fold).stream().mapToInt(Epoch::step),
            validationsOf(fold).stream().mapToInt(Validation::step))
        .max()
        .orElse(0);
  }
}
