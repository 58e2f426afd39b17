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
    if (progress.epochs().isEmpty()) {
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
    LineChart chart = new LineChart("Loss", "epoch", "loss").wholeX().logIfWide();
    chart.add(line(progress, fold, "training", 0, Progress.Epoch::loss));
    chart.add(line(progress, fold, "validation", 1, validation("loss")));
    mark(chart, progress, fold);
    return chart;
  }

  private static LineChart lossOfFolds(Progress progress) {
    boolean validated =
        progress.epochs().stream().anyMatch(epoch -> epoch.validation().containsKey("loss"));
    LineChart chart =
        new LineChart(
                validated ? "Validation loss of each training" : "Training loss of each training",
                "epoch",
                "loss")
            .wholeX()
            .logIfWide();
    for (int fold : progress.folds()) {
      chart.add(
          line(
              progress,
              fold,
              training(progress, fold),
              style(progress, fold),
              validated ? validation("loss") : Progress.Epoch::loss));
    }
    return chart;
  }

  private static void metric(Html html, Progress progress, MetricName name) {
    String key = Metrics.fileName(name);
    LineChart chart = new LineChart(Words.title(name) + " on validation", "epoch", key).wholeX();
    List<Integer> folds = progress.folds();
    for (int fold : folds) {
      chart.add(
          line(
              progress,
              fold,
              folds.size() == 1 ? key : training(progress, fold),
              folds.size() == 1 ? 1 : style(progress, fold),
              validation(key)));
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
    LineChart chart = new LineChart("Learning rate", "epoch", "learning rate").wholeX();
    chart.fromZero().logIfWide();
    chart.add(line(progress, fold, "learning rate", 2, Progress.Epoch::learningRate));
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
        .filter(
            name ->
                run.progress().epochs().stream()
                    .anyMatch(epoch -> epoch.validation().containsKey(Metrics.fileName(name))))
        .findFirst();
  }

  private static void mark(LineChart chart, Progress progress, int fold) {
    progress.exported(fold).ifPresent(epoch -> chart.marker(epoch, "exported: epoch " + epoch));
  }

  private static Function<Progress.Epoch, OptionalDouble> validation(String key) {
    return epoch -> {
      Double value = epoch.validation().get(key);
      return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    };
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

  private static Series line(
      Progress progress,
      int fold,
      String name,
      int style,
      Function<Progress.Epoch, OptionalDouble> value) {
    List<Series.Point> points = new ArrayList<>();
    for (Progress.Epoch epoch : progress.ofFold(fold)) {
      value
          .apply(epoch)
          .ifPresent(
              found ->
                  points.add(
                      new Series.Point(
                          epoch.epoch(),
                          found,
                          name + ", epoch " + epoch.epoch() + ": " + Words.number(found))));
    }
    return new Series(name, style, points);
  }
}
