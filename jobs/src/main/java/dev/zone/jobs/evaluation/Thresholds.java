package dev.zone.jobs.evaluation;

import dev.zone.conf.MetricName;
import dev.zone.conf.ThresholdSpec;
import dev.zone.conf.error.ZoneException;
import java.util.stream.Collectors;

/** From which probability on a binary model says the positive class. */
public final class Thresholds {
  /** Less than this apart, two values of a metric are the same one. */
  private static final double SAME = 1e-12;

  private Thresholds() {}

  /**
   * Chooses a threshold.
   *
   * <p>Only the place between two neighbouring distinct outputs matters, not the output itself:
   *
   * <ul>
   *   <li>a fixed value: itself; {@code validation} is not looked at.
   *   <li>best for a metric: the middle of the widest stretch of thresholds at which the metric is
   *       best; of stretches equally wide, the lowest.
   *   <li>prevalence: the middle between the two neighbouring outputs at which the share called
   *       positive is nearest to the prevalence; of two equally near, the higher threshold.
   * </ul>
   *
   * @param validation outputs and targets of the validation split; of width 1
   * @param trainingPrevalence share of the training split that is positive
   * @throws ZoneException (user) if the metric is none that depends on a threshold alone, or if the
   *     validation split lacks examples that the choice needs
   */
  public static double choose(
      ThresholdSpec spec, Predictions validation, double trainingPrevalence) {
    if (spec instanceof ThresholdSpec.Value fixed) {
      return fixed.value();
    }
    String how =
        spec instanceof ThresholdSpec.Best best ? Metrics.fileName(best.metric()) : "prevalence";
    if (spec instanceof ThresholdSpec.Best best
        && !ThresholdSpec.Best.metrics().contains(best.metric())) {
      throw ZoneException.user(
          "Cannot choose the threshold by metric: %s (expected one of %s)"
              .formatted(
                  how,
                  ThresholdSpec.Best.metrics().stream()
                      .map(Metrics::fileName)
                      .collect(Collectors.joining(", "))));
    }
    if (validation.examples() == 0 || validation.notFinite() > 0) {
      throw ZoneException.user(
          "Cannot choose the threshold by %s: %d validation examples, %d with outputs that are not finite (expected 1 or more, none such)"
              .formatted(how, validation.examples(), validation.notFinite()));
    }
    Ranking ranking =
        Ranking.of(validation, 0, example -> validation.targetClass(example, 0, 2) == 1);
    if (spec instanceof ThresholdSpec.Best best) {
      if (ranking.allPositives() == 0 || ranking.allNegatives() == 0) {
        throw ZoneException.user(
            "Cannot choose the threshold by %s: %d positive and %d negative validation examples (expected both kinds)"
                .formatted(how, ranking.allPositives(), ranking.allNegatives()));
      }
      return best(ranking, best.metric());
    }
    return prevalence(ranking, trainingPrevalence);
  }

  /** Cut c calls the c largest distinct outputs positive, at thresholds in (lower, upper]. */
  private static double best(Ranking ranking, MetricName metric) {
    int cuts = ranking.size() + 1;
    double[] values = new double[cuts];
    double best = Double.NEGATIVE_INFINITY;
    for (int cut = 0; cut < cuts; cut++) {
      values[cut] = value(ranking, cut, metric);
      best = Math.max(best, values[cut]);
    }
    double widest = -1;
    double chosen = 0;
    int cut = cuts - 1;
    // Cuts fall from all positive to none, so thresholds rise.
    while (cut >= 0) {
      if (values[cut] < best - SAME) {
        cut--;
        continue;
      }
      double lower = lower(ranking, cut);
      while (cut > 0 && values[cut - 1] >= best - SAME) {
        cut--;
      }
      double upper = upper(ranking, cut);
      if (upper - lower > widest) {
        widest = upper - lower;
        chosen = middle(lower, upper);
      }
      cut--;
    }
    return chosen;
  }

  private static double prevalence(Ranking ranking, double share) {
    double wanted = share * (ranking.allPositives() + ranking.allNegatives());
    int best = 0;
    for (int cut = 1; cut <= ranking.size(); cut++) {
      if (Math.abs(said(ranking, cut) - wanted) < Math.abs(said(ranking, best) - wanted)) {
        best = cut;
      }
    }
    return middle(lower(ranking, best), upper(ranking, best));
  }

  private static long said(Ranking ranking, int cut) {
    return cut == 0 ? 0 : ranking.positives(cut - 1) + ranking.negatives(cut - 1);
  }

  private static double lower(Ranking ranking, int cut) {
    if (cut < ranking.size()) {
      return ranking.score(cut);
    }
    return Math.min(0, Math.nextDown((double) ranking.score(ranking.size() - 1)));
  }

  private static double upper(Ranking ranking, int cut) {
    return cut > 0 ? ranking.score(cut - 1) : Math.max(1, Math.nextUp((double) ranking.score(0)));
  }

  /** In (lower, upper]. */
  private static double middle(double lower, double upper) {
    double middle = lower + (upper - lower) / 2;
    return middle > lower ? middle : upper;
  }

  private static double value(Ranking ranking, int cut, MetricName metric) {
    long truePositives = cut == 0 ? 0 : ranking.positives(cut - 1);
    long falsePositives = cut == 0 ? 0 : ranking.negatives(cut - 1);
    Confusion confusion =
        Confusion.of(
            ranking.allNegatives() - falsePositives,
            falsePositives,
            ranking.allPositives() - truePositives,
            truePositives);
    return switch (metric) {
      case ACCURACY -> confusion.accuracy().orElseThrow();
      case F1 -> confusion.f1(1).orElseThrow();
      case MACRO_F1 -> confusion.macroF1().value().orElseThrow();
      // The best balanced error is the best balanced accuracy.
      default -> confusion.balancedAccuracy().value().orElseThrow();
    };
  }
}
