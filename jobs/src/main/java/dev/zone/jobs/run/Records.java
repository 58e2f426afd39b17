package dev.zone.jobs.run;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.zone.conf.PlanSpec;
import dev.zone.conf.RunState;
import dev.zone.conf.SplitSpec.Split;
import dev.zone.datasets.PreparedManifest;
import dev.zone.jobs.evaluation.CrossValidation;
import dev.zone.jobs.evaluation.Evaluation;
import dev.zone.jobs.evaluation.Metrics;
import dev.zone.jobs.evaluation.RunEvaluation;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The JSON records of a run that people and programs read: result, provenance, check. */
public final class Records {
  private Records() {}

  /**
   * Figures of a finished training.
   *
   * @param seconds by phase: start (JVM and Spark), data, train, evaluate
   * @param exportedEpoch from 1
   * @param examplesSeen in training, by all workers
   * @param attempts that it took
   * @param devices that the ranks of the last attempt computed on
   */
  public record Figures(
      Map<String, Double> seconds,
      int epochs,
      int steps,
      int exportedEpoch,
      long examplesSeen,
      double trainSeconds,
      long parameters,
      String engine,
      int attempts,
      List<String> devices) {
    double examplesPerSecond() {
      return trainSeconds > 0 ? examplesSeen / trainSeconds : 0;
    }
  }

  /** {@code result.json}: what {@code zone run -o json} prints. */
  public static JsonObject result(
      PlanSpec plan,
      RunState state,
      String dir,
      PreparedManifest manifest,
      Figures figures,
      RunEvaluation evaluation,
      String modelDigest) {
    JsonObject json = new JsonObject();
    json.addProperty("run", plan.run());
    json.addProperty("state", state.name());
    json.addProperty("dir", dir);
    json.add("dataset", dataset(manifest));
    json.addProperty("workers", plan.workers());
    json.addProperty("epochs", figures.epochs());
    json.addProperty("steps", figures.steps());
    json.addProperty("attempts", figures.attempts());
    json.addProperty("examplesPerSecond", rounded(figures.examplesPerSecond()));
    json.add("seconds", seconds(figures.seconds()));
    json.add("metrics", metrics(evaluation));
    json.addProperty("modelDigest", modelDigest);
    return json;
  }

  /** Metrics by split; with cross-validation, those of {@code test} are the folds' means. */
  static JsonObject metrics(RunEvaluation evaluation) {
    JsonObject json = new JsonObject();
    for (Map.Entry<Split, Evaluation> split : evaluation.splits().entrySet()) {
      JsonObject metrics = new JsonObject();
      split
          .getValue()
          .metrics()
          .forEach((name, value) -> metrics.addProperty(Metrics.fileName(name), value));
      json.add(split.getKey().name().toLowerCase(Locale.ROOT), metrics);
    }
    evaluation
        .crossValidation()
        .ifPresent(
            folds -> {
              JsonObject means = new JsonObject();
              for (Map.Entry<dev.zone.conf.MetricName, CrossValidation.Spread> metric :
                  folds.metrics().entrySet()) {
                means.addProperty(Metrics.fileName(metric.getKey()), metric.getValue().mean());
              }
              json.add("test", means);
            });
    return json;
  }

  /** {@code provenance.json}: how the model came to be. */
  public static JsonObject provenance(
      PlanSpec plan, PreparedManifest manifest, Figures figures, String modelDigest) {
    JsonObject json = new JsonObject();
    json.addProperty("run", plan.run());
    json.addProperty("job", plan.job().name());
    json.addProperty("finished", Instant.now().toString());
    json.addProperty("planned", plan.created());
    JsonObject dataset = dataset(manifest);
    dataset.addProperty("preparedKey", manifest.key());
    dataset.addProperty("licence", plan.dataset().licence());
    dataset.addProperty("citation", plan.dataset().citation());
    json.add("dataset", dataset);
    plan.from()
        .ifPresent(
            from -> {
              JsonObject start = new JsonObject();
              start.addProperty("source", from.source());
              start.addProperty("sha256", from.sha256());
              json.add("from", start);
            });
    json.addProperty("modelDigest", modelDigest);
    json.addProperty("seed", plan.job().training().seed());
    json.addProperty("workers", plan.workers());
    json.addProperty("engine", figures.engine());
    JsonArray devices = new JsonArray();
    figures.devices().forEach(devices::add);
    json.add("devices", devices);
    json.addProperty("nativeLibrary", plan.backend().extension());
    json.addProperty("oneDnn", plan.backend().oneDnn());
    json.addProperty("ompThreadsPerWorker", plan.backend().ompThreads());
    json.addProperty("heapPerWorker", plan.backend().heap().toString());
    json.addProperty("nativeMemoryPerWorker", plan.backend().nativeMemory().toString());
    json.addProperty("parameters", figures.parameters());
    json.addProperty("epochs", figures.epochs());
    json.addProperty("steps", figures.steps());
    json.addProperty("attempts", figures.attempts());
    json.addProperty("exportedEpoch", figures.exportedEpoch());
    json.addProperty("examplesSeen", figures.examplesSeen());
    json.addProperty("examplesPerSecond", rounded(figures.examplesPerSecond()));
    json.add("seconds", seconds(figures.seconds()));
    JsonObject versions = new JsonObject();
    plan.versions().forEach(versions::addProperty);
    json.add("versions", versions);
    json.addProperty("classpathDigest", plan.classpathDigest());
    json.add("hardware", Hardware.json());
    json.add("jvmFlags", Hardware.jvmFlags());
    return json;
  }

  /** The checks' findings. */
  public static JsonArray findings(PreparedManifest manifest) {
    JsonArray findings = new JsonArray();
    for (PreparedManifest.Finding finding : manifest.findings()) {
      JsonObject json = new JsonObject();
      json.addProperty("check", finding.check());
      json.addProperty("severity", finding.severity().name());
      json.addProperty("message", finding.message());
      findings.add(json);
    }
    return findings;
  }

  private static JsonObject dataset(PreparedManifest manifest) {
    JsonObject json = new JsonObject();
    json.addProperty("name", manifest.dataset());
    json.addProperty("digest", manifest.datasetDigest());
    json.addProperty("generated", manifest.generated());
    return json;
  }

  private static JsonObject seconds(Map<String, Double> seconds) {
    JsonObject json = new JsonObject();
    seconds.forEach((phase, value) -> json.addProperty(phase, rounded(value)));
    return json;
  }

  private static double rounded(double value) {
    return Math.round(value * 1000) / 1000.0;
  }
}
