package dev.zone.jobs.report;

import dev.zone.conf.MetricName;
import dev.zone.conf.SplitSpec.Split;
import dev.zone.jobs.evaluation.ClassResult;
import dev.zone.jobs.evaluation.Curve;
import dev.zone.jobs.evaluation.Evaluation;
import dev.zone.jobs.evaluation.Metrics;
import dev.zone.jobs.evaluation.RunEvaluation;
import dev.zone.jobs.evaluation.WorstExample;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What the exported model can do: metrics by split and, of the test split, all details. */
final class ResultsSection {
  private static final int NAMED_CURVES = 5;

  private ResultsSection() {}

  static void render(Html html, RunFiles run) {
    if (run.evaluation().isEmpty()) {
      return;
    }
    RunEvaluation evaluation = run.evaluation().get();
    Optional<Shown.Choice> shown = Shown.main(evaluation);
    if (shown.isEmpty()) {
      return;
    }
    Split split = shown.get().split();
    Evaluation details = shown.get().evaluation();
    String whose = evaluation.folds().isEmpty() ? "Results on the " : "The exported model on its ";
    Tables.section(html, "results", whose + Shown.word(split) + " split");
    boolean beside = !details.confusion().isEmpty() && details.confusion().size() <= 6;
    html.open("div", "class", beside ? "charts" : "");
    html.open("div");
    metrics(html, evaluation);
    html.close();
    if (!details.confusion().isEmpty()) {
      new HeatMap("Confusion matrix", evaluation.classes(), details.confusion()).render(html);
    }
    html.close();
    classes(html, evaluation.task(), details.classes());
    html.open("div", "class", "charts");
    curves(html, evaluation, details);
    details
        .scores()
        .ifPresent(
            scores -> {
              HistogramChart chart =
                  new HistogramChart(
                      "Scores by true class",
                      "probability of " + Words.cut(evaluation.classes().get(1), 24),
                      evaluation.classes(),
                      scores);
              evaluation
                  .threshold()
                  .ifPresent(value -> chart.mark(value, "threshold " + Words.metric(value)));
              chart.render(html);
            });
    String target = evaluation.classes().isEmpty() ? "" : evaluation.classes().get(0);
    if (!details.sample().isEmpty()) {
      new Scatter("Predicted against true", Words.cut(target, 24), details.sample()).render(html);
    }
    details
        .residuals()
        .ifPresent(
            residuals ->
                new HistogramChart("Errors", "predicted − true", List.of(), residuals)
                    .mark(0, "no error")
                    .render(html));
    html.close();
    worst(html, evaluation, details.worst());
    html.close();
  }

  private static void metrics(Html html, RunEvaluation evaluation) {
    List<Split> splits = new ArrayList<>(evaluation.splits().keySet());
    Tables.open(html, "Metrics by split");
    List<String> names = new ArrayList<>(List.of("Metric"));
    splits.forEach(split -> names.add(Shown.word(split)));
    Tables.head(html, names.toArray(String[]::new));
    html.open("tbody");
    for (MetricName name : MetricName.values()) {
      boolean known =
          splits.stream()
              .map(split -> evaluation.splits().get(split))
              .anyMatch(
                  one -> one.metrics().containsKey(name) || one.undefined().containsKey(name));
      if (known) {
        html.open("tr", "data-metric", Metrics.fileName(name));
        html.element("th", Words.title(name), "scope", "row");
        for (Split split : splits) {
          Evaluation one = evaluation.splits().get(split);
          String why = one.undefined().get(name);
          if (why == null) {
            Tables.valueCell(html, one.metric(name));
          } else {
            html.open("td", "class", "number").element("span", "– " + why, "class", "none");
            html.close();
          }
        }
        html.close();
      }
    }
    html.open("tr").element("th", "Examples", "scope", "row");
    for (Split split : splits) {
      Tables.cell(html, Words.count(evaluation.splits().get(split).examples()));
    }
    html.close();
    html.close();
    Tables.close(html);
    if (evaluation.threshold().isPresent()) {
      html.element(
          "p",
          "Decisions at threshold " + Words.metric(evaluation.threshold().getAsDouble()) + ".",
          "class",
          "note");
    }
  }

  /** Also used for the summed matrix of a cross-validation. */
  static void classes(Html html, String task, List<ClassResult> classes) {
    if (classes.isEmpty()) {
      return;
    }
    boolean areas = classes.stream().anyMatch(one -> one.auc().isPresent());
    Optional<ClassResult> worst =
        classes.size() < 3
            ? Optional.empty()
            : classes.stream()
                .filter(one -> one.f1().isPresent())
                .min(Comparator.comparingDouble(one -> one.f1().getAsDouble()));
    html.element("h3", task.equals("multilabel") ? "By label" : "By class");
    Tables.open(html, "Results by class");
    List<String> names =
        new ArrayList<>(List.of("Class", "Precision", "Recall", "F1", "Support", "Predicted"));
    if (areas) {
      names.addAll(List.of("AUC", "Average precision"));
    }
    Tables.head(html, names.toArray(String[]::new));
    html.open("tbody");
    for (ClassResult one : classes) {
      boolean isWorst = worst.map(found -> found.index() == one.index()).orElse(false);
      html.open("tr", "data-class", Integer.toString(one.index()), "class", isWorst ? "worst" : "");
      html.open("th", "scope", "row").text(one.name() + (isWorst ? " " : ""));
      if (isWorst) {
        html.element("span", "worst", "class", "tag");
      }
      html.close();
      Tables.valueCell(html, one.precision());
      Tables.valueCell(html, one.recall());
      html.open("td", "class", "number barred");
      if (one.f1().isPresent()) {
        Tables.bar(html, one.f1().getAsDouble());
        Tables.value(html, one.f1().getAsDouble(), "");
      } else {
        html.element("span", "–", "class", "none", "title", "undefined");
      }
      html.close();
      Tables.cell(html, Words.count(one.support()));
      Tables.cell(html, Words.count(one.predicted()));
      if (areas) {
        Tables.valueCell(html, one.auc());
        Tables.valueCell(html, one.averagePrecision());
      }
      html.close();
    }
    html.close();
    Tables.close(html);
  }

  private static void curves(Html html, RunEvaluation evaluation, Evaluation details) {
    if (details.roc().isEmpty()) {
      return;
    }
    boolean several = details.roc().size() > 1;
    String rest = several ? ", each class against the rest" : "";
    LineChart roc =
        new LineChart("ROC curve" + rest, "false positive rate", "true positive rate")
            .unitSquare()
            .diagonal();
    List<Integer> named = named(details, several);
    add(roc, details.roc(), named, evaluation.classes(), false);
    spot(evaluation, details, false).ifPresent(roc::spot);
    roc.render(html);
    LineChart pr = new LineChart("Precision and recall" + rest, "recall", "precision").unitSquare();
    add(pr, details.precisionRecall(), named, evaluation.classes(), true);
    spot(evaluation, details, true).ifPresent(pr::spot);
    pr.render(html);
  }

  /** Where a binary model stands on the curve with its threshold. */
  private static Optional<Series.Point> spot(
      RunEvaluation evaluation, Evaluation details, boolean isPrecisionRecall) {
    if (!evaluation.task().equals("binary") || evaluation.threshold().isEmpty()) {
      return Optional.empty();
    }
    ClassResult negative = details.classes().get(0);
    ClassResult positive = details.classes().get(1);
    if (negative.recall().isEmpty()
        || positive.recall().isEmpty()
        || isPrecisionRecall && positive.precision().isEmpty()) {
      return Optional.empty();
    }
    double recall = positive.recall().getAsDouble();
    String title = "threshold " + Words.metric(evaluation.threshold().getAsDouble());
    return Optional.of(
        isPrecisionRecall
            ? new Series.Point(recall, positive.precision().getAsDouble(), title)
            : new Series.Point(1 - negative.recall().getAsDouble(), recall, title));
  }

  /** All of a few classes; of many the ones of the smallest area. */
  private static List<Integer> named(Evaluation details, boolean several) {
    if (!several || details.roc().size() <= Series.STYLES) {
      return details.roc().stream().map(Curve::series).toList();
    }
    return details.classes().stream()
        .filter(one -> one.averagePrecision().isPresent() && one.auc().isPresent())
        .sorted(Comparator.comparingDouble(one -> one.averagePrecision().getAsDouble()))
        .limit(NAMED_CURVES)
        .map(ClassResult::index)
        .toList();
  }

  private static void add(
      LineChart chart,
      List<Curve> curves,
      List<Integer> named,
      List<String> classes,
      boolean isPrecisionRecall) {
    // The quiet ones first: what is named lies on top.
    for (Curve curve : curves) {
      if (!named.contains(curve.series())) {
        chart.add(series(curve, Series.QUIET, classes, isPrecisionRecall));
      }
    }
    for (Curve curve : curves) {
      if (named.contains(curve.series())) {
        chart.add(series(curve, named.indexOf(curve.series()), classes, isPrecisionRecall));
      }
    }
  }

  private static Series series(
      Curve curve, int style, List<String> classes, boolean isPrecisionRecall) {
    List<Series.Point> points = new ArrayList<>();
    for (int i = 0; i < curve.x().size(); i++) {
      double x = curve.x().get(i);
      double y = curve.y().get(i);
      if (i == 0 && isPrecisionRecall) {
        points.add(new Series.Point(0, y, ""));
      }
      points.add(new Series.Point(x, y, Words.number(x) + ", " + Words.number(y)));
    }
    return new Series(Words.cut(classes.get(curve.series()), 28), style, points);
  }

  private static void worst(Html html, RunEvaluation evaluation, List<WorstExample> worst) {
    if (worst.isEmpty()) {
      return;
    }
    boolean regression = evaluation.task().equals("regression");
    html.element("h3", regression ? "Largest errors" : "Surest mistakes");
    Tables.open(html, "Worst examples");
    if (regression) {
      Tables.head(html, "Example", "True", "Predicted", "Predicted − true");
    } else {
      Tables.head(html, "Example", "|True", "|Predicted", "Its probability");
    }
    html.open("tbody");
    for (WorstExample one : worst) {
      html.open("tr");
      html.element("th", one.origin().orElse("example " + one.example()), "scope", "row");
      if (regression) {
        Tables.cell(html, Words.number(one.target()));
        Tables.cell(html, Words.number(one.predicted()));
        Tables.cell(html, Words.number(one.predicted() - one.target()));
      } else {
        html.element("td", evaluation.classes().get((int) one.target()));
        html.element("td", evaluation.classes().get((int) one.predicted()));
        Tables.valueCell(html, one.probability());
      }
      html.close();
    }
    html.close();
    Tables.close(html);
  }
}
