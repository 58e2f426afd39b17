package dev.zone.jobs.spark;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import dev.zone.conf.PlanSpec;
import dev.zone.conf.RunState;
import dev.zone.conf.SplitSpec.Split;
import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.PreparedManifest;
import dev.zone.jobs.evaluation.EvaluationJson;
import dev.zone.jobs.evaluation.Predictions;
import dev.zone.jobs.evaluation.RunEvaluation;
import dev.zone.jobs.report.ReportWriter;
import dev.zone.jobs.run.AttemptFiles;
import dev.zone.jobs.run.Records;
import dev.zone.jobs.run.RunEvaluations;
import dev.zone.jobs.run.RunEvaluations.FitPredictions;
import dev.zone.jobs.run.RunFolder;
import dev.zone.jobs.spark.RankOutcome.FitResult;
import dev.zone.jobs.training.TargetRows;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiFunction;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * The driver of one run: prepares, trains by a barrier stage, evaluates, and leaves the records.
 */
final class DriverRun {
  private final RunFolder folder;
  private final Map<String, Double> seconds = new LinkedHashMap<>();
  private PlanSpec plan;
  private long phaseStart;

  DriverRun(RunFolder folder) {
    this.folder = folder;
  }

  RunState run() {
    String planYaml = CheckRun.read(folder, "plan.yaml");
    plan = Plans.parse(planYaml);
    // From the JVM's start: what a user waits for.
    seconds.put("start", ManagementFactory.getRuntimeMXBean().getUptime() / 1000.0);
    phaseStart = System.nanoTime();
    folder.state(RunState.PREPARING, "preparing " + plan.dataset().name());
    RecordPlugin.keep(folder);
    CompletableFuture<JavaSparkContext> starting =
        CompletableFuture.supplyAsync(() -> SparkStage.start(plan));
    try {
      Fits fits = Fits.prepare(SharedFolders.withLocalData(plan), folder.resolve("model-files"));
      cancelIfRequested();
      writeModelAndData(fits);
      folder.admit();
      phase("data");
      try (JavaSparkContext spark = join(starting)) {
        phase("spark");
        writeStart(fits);
        List<FitResult> results = train(spark, planYaml, fits);
        phase("train");
        return finish(fits, results);
      }
    } finally {
      starting.thenAccept(JavaSparkContext::close).exceptionally(failed -> null).join();
    }
  }

  private List<FitResult> train(JavaSparkContext spark, String planYaml, Fits fits) {
    try (RunCheckpoints checkpoints = new RunCheckpoints(folder, plan)) {
      return new Attempts(folder, plan, spark, checkpoints).run(payload(planYaml, fits), fits);
    }
  }

  private void phase(String name) {
    long now = System.nanoTime();
    seconds.merge(name, (now - phaseStart) / 1e9, Double::sum);
    phaseStart = now;
  }

  private static JavaSparkContext join(CompletableFuture<JavaSparkContext> starting) {
    try {
      return starting.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof ZoneException failure
          ? failure
          : new ZoneException(
              ErrorKind.INTERNAL, "Cannot start Spark: " + e.getCause(), e.getCause());
    }
  }

  private void cancelIfRequested() {
    if (folder.isCancelRequested()) {
      throw new ZoneException(ErrorKind.CANCELLED, "The run was stopped before training began");
    }
  }

  private void writeModelAndData(Fits fits) {
    Fits.Fit kept = fits.kept();
    PreparedManifest manifest = VersionNews.drift(plan, kept.manifest());
    folder.replace("data.json", new Gson().toJsonTree(manifest));
    folder.replace("model/transforms.json", kept.data().transforms());
    JsonObject summary = new JsonObject();
    summary.add("layers", CheckRun.layers(kept.network()));
    summary.addProperty("parameters", kept.network().parameters());
    folder.replace("model/summary.json", summary);
    folder.event("engine", kept.engine().words());
    kept.network().notes().forEach(note -> folder.event("note", note));
    if (plan.job().resources().perWorker().gpus() > plan.gpus()) {
      folder.event("note", "workers train on CPUs: there is no GPU for them where the run is");
    }
    manifest.findings().forEach(finding -> folder.event("finding", finding.message()));
  }

  private void writeStart(Fits fits) {
    Fits.Fit kept = fits.kept();
    int train = kept.manifest().counts().get(Split.TRAIN);
    JsonObject json = new JsonObject();
    json.addProperty("type", "start");
    json.addProperty("epochs", plan.job().training().epochs());
    json.addProperty("stepsPerEpoch", Fits.stepsPerEpoch(plan, kept));
    json.addProperty("examples", train);
    json.addProperty("parameters", kept.network().parameters());
    json.addProperty("engine", kept.engine().engine().title());
    json.addProperty("workers", plan.workers());
    json.addProperty("folds", fits.list().size());
    folder.append("metrics.jsonl", json);
  }

  private RankPayload payload(String planYaml, Fits fits) {
    List<RankPayload.Fit> all = new ArrayList<>();
    for (Fits.Fit fit : fits.list()) {
      String prepared = SharedFolders.share(fit.data().folder(), folder.place());
      all.add(new RankPayload.Fit(prepared, fit.network(), fit.engine().engine()));
    }
    return new RankPayload(planYaml, folder.place(), all, secret(), 1, null);
  }

  private static byte[] secret() {
    String given = System.getenv("ZONE_RUN_SECRET");
    if (given != null && given.length() >= 16) {
      return given.getBytes(StandardCharsets.UTF_8);
    }
    byte[] drawn = new byte[32];
    new SecureRandom().nextBytes(drawn);
    return drawn;
  }

  private RunState finish(Fits fits, List<FitResult> results) {
    FitResult last = results.get(results.size() - 1);
    if (last.cancelled()) {
      folder.state(RunState.CANCELLED, "stopped after step " + last.steps());
      return RunState.CANCELLED;
    }
    folder.state(RunState.EVALUATING, "evaluating");
    String modelDigest =
        Models.write(fits.kept().network(), last, folder.resolve("model").resolve("model.zip"));
    folder.publish("model/model.zip");
    RunEvaluation evaluation =
        RunEvaluations.evaluate(plan.job().task(), predictions(fits, results));
    folder.replace("evaluation.json", EvaluationJson.write(evaluation));
    phase("evaluate");
    AttemptFiles attempts = new AttemptFiles(folder);
    Records.Figures figures =
        new Records.Figures(
            seconds,
            last.epochs(),
            results.stream().mapToInt(FitResult::steps).sum(),
            last.exportedEpoch(),
            results.stream().mapToLong(FitResult::examplesSeen).sum(),
            results.stream().mapToDouble(FitResult::seconds).sum(),
            fits.kept().network().parameters(),
            fits.kept().engine().engine().title(),
            attempts.last(),
            attempts.devices(attempts.last(), plan.workers()));
    folder.replace(
        "provenance.json", Records.provenance(plan, fits.kept().manifest(), figures, modelDigest));
    folder.replace(
        "result.json",
        Records.result(
            plan,
            RunState.SUCCEEDED,
            folder.place(),
            fits.kept().manifest(),
            figures,
            evaluation,
            modelDigest));
    folder.state(RunState.SUCCEEDED, "done");
    writeReport();
    return RunState.SUCCEEDED;
  }

  /** The page is made of the records: without it a run is still whole. */
  private void writeReport() {
    try {
      folder.fetch("state.json");
      ReportWriter.write(folder.path(), folder.resolve("report.html"));
      folder.publish("report.html");
    } catch (ZoneException e) {
      folder.event("no report", e.getMessage());
    }
  }

  private static List<FitPredictions> predictions(Fits fits, List<FitResult> results) {
    List<FitPredictions> all = new ArrayList<>();
    for (int i = 0; i < results.size(); i++) {
      FitResult result = results.get(i);
      Fits.Fit fit = fits.list().get(i);
      Map<Split, Predictions> predictions = new EnumMap<>(Split.class);
      Map<Split, Double> losses = new EnumMap<>(Split.class);
      for (Split split : List.of(Split.VALIDATION, Split.TEST)) {
        result
            .split(split)
            .ifPresent(
                some -> {
                  predictions.put(split, some.predictions());
                  losses.put(split, some.loss());
                });
      }
      all.add(new FitPredictions(fit.manifest(), predictions, losses, origins(fit)));
    }
    return all;
  }

  private static BiFunction<Split, Integer, String> origins(Fits.Fit fit) {
    Map<Split, TargetRows> rows = new EnumMap<>(Split.class);
    return (split, row) ->
        rows.computeIfAbsent(
                split,
                any ->
                    TargetRows.of(
                        fit.data().examples(split).orElseThrow(), fit.manifest().targetSteps()))
            .origin(row);
  }
}
