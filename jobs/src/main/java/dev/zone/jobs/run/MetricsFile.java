package dev.zone.jobs.run;

import com.google.gson.JsonObject;
import dev.zone.conf.MetricName;
import dev.zone.jobs.evaluation.Metrics;
import dev.zone.jobs.training.TrainingListener;
import java.util.Map;

/**
 * Writes what rank 0 tells to {@code metrics.jsonl}: every epoch, and steps at most twice a second.
 */
public final class MetricsFile implements TrainingListener {
  private static final long BETWEEN_STEPS_NANOS = 500_000_000L;

  private final RunFolder folder;
  private boolean told;
  private long lastNanos;
  private long stepsSince;
  private double secondsOfSteps;

  public MetricsFile(RunFolder folder) {
    this.folder = folder;
  }

  @Override
  public void step(
      int fold, int epoch, int step, double loss, double examplesPerSecond, double seconds) {
    long now = System.nanoTime();
    stepsSince++;
    secondsOfSteps += 1 / examplesPerSecond;
    if (told && now - lastNanos < BETWEEN_STEPS_NANOS) {
      return;
    }
    JsonObject json = line("step", fold, epoch, step);
    number(json, "loss", loss);
    // The harmonic mean over the steps since the last line: one slow step must not look like a slow
    // run.
    number(json, "examplesPerSecond", stepsSince / secondsOfSteps);
    number(json, "seconds", seconds);
    folder.append("metrics.jsonl", json);
    told = true;
    lastNanos = now;
    stepsSince = 0;
    secondsOfSteps = 0;
  }

  @Override
  public void validation(
      int fold, int epoch, int step, Map<MetricName, Double> metrics, boolean best) {
    JsonObject json = line("validation", fold, epoch, step);
    json.add("validation", metrics(metrics));
    json.addProperty("best", best);
    folder.append("metrics.jsonl", json);
  }

  @Override
  public void event(String event, String message) {
    folder.event(event, message);
  }

  @Override
  public void epoch(EpochSummary summary) {
    JsonObject json = line("epoch", summary.fold(), summary.epoch(), summary.step());
    number(json, "loss", summary.loss());
    number(json, "learningRate", summary.learningRate());
    number(json, "seconds", summary.seconds());
    number(json, "examplesPerSecond", summary.examplesPerSecond());
    if (!summary.validation().isEmpty()) {
      json.add("validation", metrics(summary.validation()));
    }
    json.addProperty("best", summary.best());
    folder.append("metrics.jsonl", json);
  }

  @Override
  public void checkpoint(int fold, int epoch, int step) {
    folder.append("metrics.jsonl", line("checkpoint", fold, epoch, step));
  }

  private static JsonObject line(String type, int fold, int epoch, int step) {
    JsonObject json = new JsonObject();
    json.addProperty("type", type);
    json.addProperty("fold", fold);
    json.addProperty("epoch", epoch);
    json.addProperty("step", step);
    return json;
  }

  private static JsonObject metrics(Map<MetricName, Double> metrics) {
    JsonObject json = new JsonObject();
    metrics.forEach((name, value) -> number(json, Metrics.fileName(name), value));
    return json;
  }

  /** JSON has no NaN: what is not a number is left out. */
  private static void number(JsonObject json, String name, double value) {
    if (Double.isFinite(value)) {
      json.addProperty(name, value);
    }
  }
}
