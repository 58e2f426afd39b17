package dev.zone.jobs.report;

import dev.zone.conf.MetricName;
import dev.zone.conf.SplitSpec.Split;
import dev.zone.jobs.evaluation.CrossValidation;
import dev.zone.jobs.evaluation.Evaluation;
import dev.zone.jobs.evaluation.Metrics;
import dev.zone.jobs.evaluation.RunEvaluation;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** The cross-validation: every fold, mean and spread, and the matrix summed over the folds. */
final class FoldsSection {
  private FoldsSection() {}

  static void render(Html html, RunFiles run) {
    if (run.evaluation().flatMap(RunEvaluation::crossValidation).isEmpty()) {
      return;
    }
    RunEvaluation evaluation = run.evaluation().get();
    CrossValidation summary = evaluation.crossValidation().get();
    int folds = evaluation.folds().size();
    Tables.section(html, "folds", "Cross-validation, " + folds + " folds");
    List<MetricName> metrics = new ArrayList<>(summary.metrics().keySet());
    boolean thresholds = evaluation.folds().stream().anyMatch(fold -> fold.threshold().isPresent());
    Tables.openDense(html, "Metrics by fold");
    List<String> names = new ArrayList<>(List.of("Fold", "Examples"));
    if (thresholds) {
      names.add("Threshold");
    }
    metrics.forEach(name -> names.add(Words.title(name)));
    Tables.head(html, names.toArray(String[]::new));
    html.open("tbody");
    for (int i = 0; i < folds; i++) {
      RunEvaluation.Fold fold = evaluation.folds().get(i);
      Evaluation test = fold.splits().get(Split.TEST);
      html.open("tr").element("th", Integer.toString(i + 1), "scope", "row");
      Tables.cell(html, test == null ? "–" : Words.count(test.examples()));
      if (thresholds) {
        Tables.valueCell(html, fold.threshold());
      }
      for (MetricName name : metrics) {
        Tables.valueCell(html, test == null ? OptionalDouble.empty() : test.metric(name));
      }
      html.close();
    }
    html.close();
    html.open("tfoot");
    summaryRow(
        html,
        "Mean",
        thresholds,
        metrics,
        name -> OptionalDouble.of(summary.metrics().get(name).mean()));
    summaryRow(
        html,
        "± standard deviation",
        thresholds,
        metrics,
        name -> summary.metrics().get(name).standardDeviation());
    html.close();
    Tables.close(html);
    if (!summary.confusion().isEmpty()) {
      new HeatMap(
              "Confusion matrix, summed over the folds", evaluation.classes(), summary.confusion())
          .render(html);
    }
    ResultsSection.classes(html, evaluation.task(), summary.classes());
    html.close();
  }

  private interface Value {
    OptionalDouble of(MetricName name);
  }

  private static void summaryRow(
      Html html, String title, boolean thresholds, List<MetricName> metrics, Value value) {
    html.open("tr").element("th", title, "scope", "row", "colspan", thresholds ? "3" : "2");
    for (MetricName name : metrics) {
      html.open("td", "class", "number", "data-metric", Metrics.fileName(name));
      OptionalDouble found = value.of(name);
      if (found.isPresent()) {
        Tables.value(html, found.getAsDouble(), "");
      } else {
        html.element("span", "–", "class", "none", "title", "undefined");
      }
      html.close();
    }
    html.close();
  }
}
