package dev.zone.jobs.report;

import dev.zone.conf.MetricName;
import dev.zone.jobs.evaluation.Metrics;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/** How the training went: losses, the metric on validation, learning rate and speed. */
final class CurvesSection {
  private CurvesSection() {}

  static void render(Html html, RunFiles run) {
    Progress progress = run.progress();
    if (progress.folds().isEmpty()) {
      return;
    }
    Tables.section(html, "learning", "How it learned");
    html.open("div", "class", "charts");
    boolean one = progress.folds().size() == 1;
    LineChart loss = one ? loss(progress) : lossOfFolds(progress);
    if (!loss.isEmpty()) {
      loss.render(html);
    }
    metric(run).ifPresent(name -> metric(html, progress, name));
    rate(html, progress);
    speed(html, progress);
    html.close().close();
  }

  private static LineChart loss(Progress progress) {
    int fold = progress.kept();
    LineChart chart = new LineChart("Loss", xName(progress), "loss").wholeX().logIfWide();
    chart.add(epochs(progress, fold, "training", 0, Progress.Epoch::loss));
    chart.add(validations(progress, fold, "validation", 1, "loss"));
    mark(chart, progress, fold);
    return chart;
  }

  private static LineChart lossOfFolds(Progress progress) {
    boolean validated = progress.isValidated("loss");
    LineChart chart =
        new LineChart(
                validated ? "Validation loss of each training" : "Training loss of each training",
                xName(progress),
                "loss")
            .wholeX()
            .logIfWide();
    for (int fold : progress.folds()) {
      String name = training(progress, fold);
      int style = style(progress, fold);
      chart.add(
          validated
              ? validations(progress, fold, name, style, "loss")
              : epochs(progress, fold, name, style, Progress.Epoch::loss));
    }
    return chart;
  }

  private static void metric(Html html, Progress progress, MetricName name) {
    String key = Metrics.fileName(name);
    LineChart chart =
        new LineChart(Words.title(name) + " on validation", xName(progress), key).wholeX();
    List<Integer> folds = progress.folds();
    for (int fold : folds) {
      chart.add(
          validations(
              progress,
              fold,
              folds.size() == 1 ? key : training(progress, fold),
              folds.size() == 1 ? 1 : style(progress, fold),
              key));
    }
    if (folds.size() == 1) {
      mark(chart, progress, folds.get(0));
    }
    if (!chart.isEmpty()) {
      chart.render(html);
    }
  }

  private static void rate(Html html, Progress progress) {
    int fold = progress.kept();
    LineChart chart = new LineChart("Learning rate", xName(progress), "learning rate").wholeX();
    chart.fromZero().logIfWide();
    chart.add(epochs(progress, fold, "learning rate", 2, Progress.Epoch::learningRate));
    if (!chart.isEmpty()) {
      chart.render(html);
    }
  }

  private static void speed(Html html, Progress progress) {
    List<Series.Point> points = new ArrayList<>();
    int fold = progress.kept();
    for (Progress.Step step : progress.steps()) {
      if (step.fold() == fold) {
        points.add(
            new Series.Point(
                step.seconds(),
                step.examplesPerSecond(),
                Words.duration(step.seconds())
                    + ": "
                    + Words.count(Math.round(step.examplesPerSecond()))));
      }
    }
    if (points.size() > 1) {
      String title =
          "Examples a second"
              + (progress.folds().size() > 1 ? ", " + training(progress, fold) : "");
      new LineChart(title, "seconds of training", "examples a second")
          .fromZero()
          .add(new Series("examples a second", 3, points))
          .render(html);
    }
  }

  /** The metric of early stopping; the first usual one of the task that validation has. */
  private static Optional<MetricName> metric(RunFiles run) {
    List<MetricName> candidates = new ArrayList<>();
    run.planned()
        .text("job", "training", "earlyStopping", "metric")
        .flatMap(Metrics::byFileName)
        .ifPresent(candidates::add);
    run.evaluation().ifPresent(evaluation -> candidates.addAll(Shown.first(run, evaluation)));
    candidates.addAll(List.of(MetricName.values()));
    return candidates.stream()
        .filter(name -> name != MetricName.LOSS)
        .filter(name -> run.progress().isValidated(Metrics.fileName(name)))
        .findFirst();
  }

  private static void mark(LineChart chart, Progress progress, int fold) {
    progress
        .exported(fold)
        .ifPresent(
            best -> {
              Place place = new Place(progress, best.epoch(), best.step());
              chart.marker(place.x(), "exported: " + place.words());
            });
  }

  private static String training(Progress progress, int fold) {
    return progress.isFold(fold) ? "fold " + fold : "exported model";
  }

  /** The exported model's training is always named; of many folds none is. */
  private static int style(Progress progress, int fold) {
    return progress.isFold(fold) && progress.folds().size() > Series.STYLES
        ? Series.QUIET
        : progress.folds().indexOf(fold);
  }

  private static Series epochs(
      Progress progress,
      int fold,
      String name,
      int style,
      Function<Progress.Epoch, OptionalDouble> value) {
    List<Series.Point> points = new ArrayList<>();
    for (Progress.Epoch epoch : progress.ofFold(fold)) {
      Place place = new Place(progress, epoch.epoch(), epoch.step());
      value.apply(epoch).ifPresent(found -> points.add(place.point(name, found)));
    }
    return new Series(name, style, points);
  }

  private static Series validations(
      Progress progress, int fold, String name, int style, String metric) {
    List<Series.Point> points = new ArrayList<>();
    for (Progress.Validation validation : progress.validationsOf(fold)) {
      Place place = new Place(progress, validation.epoch(), validation.step());
      Optional.ofNullable(validation.metrics().get(metric))
          .ifPresent(found -> points.add(place.point(name, found)));
    }
    return new Series(name, style, points);
  }

  private static String xName(Progress progress) {
    return progress.bySteps() ? "step" : "epoch";
  }

  /** Where something lies that was told of an epoch's end, or of a step between. */
  private record Place(int x, String words) {
    Place(Progress progress, int epoch, int step) {
      this(
          progress.bySteps() ? step : epoch,
          progress.bySteps() ? "step " + Words.count(step) : "epoch " + epoch);
    }

    Series.Point point(String name, double value) {
      return new Series.Point(x, value, name + ", " + words + ": " + Words.number(value));
    }
  }
}
