package dev.zone.jobs.report;

import dev.zone.conf.MetricName;
import dev.zone.jobs.evaluation.CrossValidation;
import dev.zone.jobs.evaluation.RunEvaluation;
import java.util.Optional;

/** What the run is, how it ended, and the figures everybody asks for. */
final class HeadSection {
  private HeadSection() {}

  static void render(Html html, RunFiles run, String name) {
    html.open("header").open("div", "class", "badges");
    html.element("span", "Training report", "class", "eyebrow");
    state(html, run);
    if (isGenerated(run)) {
      html.element(
          "span",
          "GENERATED DATA",
          "class",
          "badge generated",
          "title",
          "The data come from a generator, not from a factory or a vehicle.");
    }
    html.close();
    html.element("h1", name);
    run.planned()
        .text("job", "description")
        .ifPresent(text -> html.element("p", text, "class", "lead"));
    run.evaluation().ifPresent(evaluation -> metrics(html, run, evaluation));
    facts(html, run);
    AttemptsTable.render(html, run);
    html.close();
    error(html, run);
  }

  private static boolean isGenerated(RunFiles run) {
    return run.data().isTrue("generated") || run.provenance().isTrue("dataset", "generated");
  }

  private static void state(Html html, RunFiles run) {
    run.state()
        .text("state")
        .ifPresent(
            state -> {
              String sign =
                  switch (state) {
                    case "SUCCEEDED" -> "✓ ";
                    case "FAILED" -> "✕ ";
                    case "CANCELLED" -> "◼ ";
                    default -> "… ";
                  };
              String kind =
                  switch (state) {
                    case "SUCCEEDED" -> "good";
                    case "FAILED" -> "bad";
                    default -> "other";
                  };
              html.element("span", sign + state, "class", "badge " + kind);
            });
  }

  private static void metrics(Html html, RunFiles run, RunEvaluation evaluation) {
    Optional<CrossValidation> folds = evaluation.crossValidation();
    html.open("div", "class", "figures");
    for (MetricName name : Shown.first(run, evaluation)) {
      html.open("div", "class", "figure");
      html.element("span", Words.title(name), "class", "what");
      if (folds.isPresent()) {
        CrossValidation.Spread spread = folds.get().metrics().get(name);
        Tables.value(html, spread.mean(), "big");
        html.open("span", "class", "where");
        if (spread.standardDeviation().isPresent()) {
          html.text("± " + Words.metric(spread.standardDeviation().getAsDouble()) + ", ");
        }
        html.text("mean of " + spread.values().size() + " folds").close();
      } else {
        Shown.main(evaluation)
            .ifPresent(
                shown -> {
                  Tables.value(html, shown.evaluation().metrics().get(name), "big");
                  html.element(
                      "span", "on the " + Shown.word(shown.split()) + " split", "class", "where");
                });
      }
      html.element(
          "span", name.isHigherBetter() ? "higher is better" : "lower is better", "class", "way");
      html.close();
    }
    html.close();
  }

  private static void facts(Html html, RunFiles run) {
    html.open("dl", "class", "facts");
    run.data()
        .text("dataset")
        .or(() -> run.planned().text("job", "dataset"))
        .ifPresent(dataset -> fact(html, "Dataset", dataset));
    run.data()
        .text("datasetDigest")
        .or(() -> run.planned().text("datasetDigest"))
        .ifPresent(
            digest -> {
              html.open("div").element("dt", "Data digest").open("dd");
              html.element("code", Words.cut(digest, 13), "title", digest).close().close();
            });
    run.planned()
        .text("from", "source")
        .ifPresent(source -> fact(html, "Started from the model of", source));
    run.planned().text("created").ifPresent(created -> fact(html, "Started", Words.time(created)));
    run.progress()
        .seconds()
        .ifPresent(seconds -> fact(html, "Training took", Words.duration(seconds)));
    workers(html, run);
    Progress progress = run.progress();
    progress
        .last()
        .ifPresent(
            last -> {
              int folds = progress.folds().size();
              fact(
                  html,
                  "Epochs",
                  folds > 1
                      ? progress.epochs().size() + " in " + folds + " trainings"
                      : last.epoch()
                          + progress.start().number("epochs").stream()
                              .mapToObj(all -> " of " + Words.number(all))
                              .findFirst()
                              .orElse(""));
            });
    if (progress.folds().size() == 1 && progress.lastStep() > 0) {
      fact(html, "Steps", Words.count(progress.lastStep()));
    }
    progress
        .examplesPerSecond()
        .ifPresent(speed -> fact(html, "Examples a second", Words.count(Math.round(speed))));
    progress
        .start()
        .number("parameters")
        .ifPresent(count -> fact(html, "Parameters", Words.number(count)));
    run.planned().text("run").ifPresent(id -> fact(html, "Run", id));
    html.close();
  }

  private static void workers(Html html, RunFiles run) {
    Optional<String> workers =
        run.progress().start().text("workers").or(() -> run.planned().text("workers"));
    Optional<String> engine = run.progress().start().text("engine");
    workers.ifPresent(
        count -> fact(html, "Workers", count + engine.map(name -> ", engine " + name).orElse("")));
  }

  private static void fact(Html html, String name, String value) {
    html.open("div").element("dt", name).element("dd", value).close();
  }

  private static void error(Html html, RunFiles run) {
    run.error()
        .text("message")
        .ifPresent(
            message -> {
              html.open("div", "class", "error", "role", "alert");
              String kind = run.error().text("kind").orElse("");
              html.element(
                  "strong",
                  kind.equals("CANCELLED")
                      ? "The run was cancelled"
                      : "The run failed" + (kind.isEmpty() ? "" : " (" + kind + ")"));
              html.element("pre", message).close();
            });
  }
}
