package dev.zone.launcher.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.zone.conf.RunState;
import dev.zone.datasets.record.StateLog;
import dev.zone.launcher.cli.RunPlaces.Found;
import dev.zone.launcher.runs.RunView;
import dev.zone.launcher.submit.RunObserver.Observed;
import dev.zone.launcher.zones.Centre;
import java.io.PrintStream;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Where a run stands, as one JSON object and as lines for people. */
final class RunStatus {
  private static final int TAIL_BYTES = 64 << 10;
  private static final int HEAD_BYTES = 8 << 10;

  private RunStatus() {}

  /**
   * The object: run, job, state, since, message, zone, centre, workers, launch, dir; progress once
   * training began; error of a run that failed; metrics of one that succeeded.
   */
  static JsonObject of(Found run, Observed observed) {
    JsonObject json = new JsonObject();
    RunView view = run.view();
    json.addProperty("run", run.id());
    Optional<JsonObject> submission = view.json("submission.json");
    submission.ifPresent(
        told -> {
          copy(told, "job", json);
          copy(told, "dataset", json);
          copy(told, "workers", json);
          copy(told, "by", json);
          copy(told, "submitted", json);
          copy(told, "key", json);
        });
    json.addProperty(
        "state", observed.entry().map(entry -> entry.state().name()).orElse("UNKNOWN"));
    observed
        .entry()
        .ifPresent(
            entry -> {
              json.addProperty("since", entry.since());
              json.addProperty("message", entry.message());
            });
    boolean told =
        observed.entry().map(entry -> entry.message().equals(observed.words())).orElse(false);
    if (!observed.words().isEmpty() && !told) {
      json.addProperty("cluster", observed.words());
    }
    run.centre().map(Centre::zone).ifPresent(zone -> json.addProperty("zone", zone));
    run.centre().map(Centre::name).ifPresent(centre -> json.addProperty("centre", centre));
    json.addProperty("launch", Math.max(1, view.launches().newest()));
    json.addProperty("dir", view.place());
    progress(view).ifPresent(progress -> json.add("progress", progress));
    if (observed.is(RunState.FAILED)) {
      error(view).ifPresent(error -> json.add("error", error));
    }
    if (observed.is(RunState.SUCCEEDED)) {
      view.json("result.json").ifPresent(result -> copy(result, "metrics", json));
    }
    return json;
  }

  /** Kind and message of a failure. */
  static Optional<JsonObject> error(RunView view) {
    return view.json("error.json")
        .map(
            told -> {
              JsonObject error = new JsonObject();
              copy(told, "kind", error);
              copy(told, "message", error);
              return error;
            });
  }

  private static void copy(JsonObject from, String key, JsonObject to) {
    JsonElement value = from.get(key);
    if (value != null) {
      to.add(key, value);
    }
  }

  private static Optional<JsonObject> progress(RunView view) {
    JsonObject progress = new JsonObject();
    for (JsonObject line : view.read("metrics.jsonl", 0, HEAD_BYTES).objects()) {
      if (is(line, "start")) {
        copy(line, "epochs", progress);
        copy(line, "stepsPerEpoch", progress);
        copy(line, "folds", progress);
        break;
      }
    }
    for (JsonObject line : view.tail("metrics.jsonl", TAIL_BYTES).objects()) {
      if (is(line, "step") || is(line, "epoch")) {
        copy(line, "fold", progress);
        copy(line, "epoch", progress);
        copy(line, "step", progress);
        copy(line, "loss", progress);
        copy(line, "examplesPerSecond", progress);
        copy(line, "validation", progress);
      } else if (is(line, "checkpoint")) {
        progress.add("checkpointStep", line.get("step"));
      }
    }
    return progress.size() == 0 ? Optional.empty() : Optional.of(progress);
  }

  private static boolean is(JsonObject line, String type) {
    return line.has("type") && type.equals(line.get("type").getAsString());
  }

  /** Says it: to programs as one object, to people in lines. */
  static void say(Context context, Found run, Observed observed, boolean asJson) {
    JsonObject status = of(run, observed);
    PrintStream out = context.terminal().out();
    if (asJson) {
      out.println(status);
    } else {
      print(status, observed, context.clock().instant(), out);
    }
  }

  private static void print(JsonObject status, Observed observed, Instant now, PrintStream out) {
    out.printf(
        "%s  %s%s%n",
        status.get("run").getAsString(),
        status.get("state").getAsString(),
        observed.entry().flatMap(entry -> age(entry, now)).map(age -> " for " + age).orElse(""));
    line(out, "job", status, "job");
    if (status.has("zone")) {
      out.printf(
          "  at        %s/%s%n",
          status.get("zone").getAsString(), status.get("centre").getAsString());
    }
    if (!status.has("error")) {
      line(out, "says", status, "message");
    }
    line(out, "cluster", status, "cluster");
    if (status.has("progress")) {
      out.println("  progress  " + words(status.getAsJsonObject("progress")));
    }
    if (status.has("error")) {
      for (String one :
          status.getAsJsonObject("error").get("message").getAsString().lines().toList()) {
        out.println("  error     " + one);
      }
    }
    if (status.has("metrics")) {
      metrics(status.getAsJsonObject("metrics"), out);
    }
    line(out, "record", status, "dir");
  }

  /** A line for each split. */
  private static void metrics(JsonObject bySplit, PrintStream out) {
    for (String split : bySplit.keySet()) {
      List<String> words = new ArrayList<>();
      if (bySplit.get(split) instanceof JsonObject metrics) {
        metrics
            .entrySet()
            .forEach(
                metric -> {
                  if (metric.getValue() instanceof JsonPrimitive value && value.isNumber()) {
                    words.add(metric.getKey() + " " + Amounts.figure(value.getAsDouble()));
                  }
                });
      }
      out.printf("  %-10s %s%n", split, String.join(", ", words));
    }
  }

  private static void line(PrintStream out, String name, JsonObject status, String key) {
    if (status.has(key) && !status.get(key).getAsString().isBlank()) {
      String text = status.get(key).getAsString().lines().findFirst().orElse("");
      out.printf("  %-9s %s%n", name, text);
    }
  }

  /** In one line. */
  static String words(JsonObject progress) {
    List<String> words = new ArrayList<>();
    if (progress.has("epoch")) {
      words.add(
          "epoch "
              + progress.get("epoch").getAsInt()
              + (progress.has("epochs") ? " of " + progress.get("epochs").getAsInt() : ""));
    }
    if (progress.has("step")) {
      words.add("step " + progress.get("step").getAsInt());
    }
    if (progress.has("loss")) {
      words.add(String.format(Locale.ROOT, "loss %.4g", progress.get("loss").getAsDouble()));
    }
    if (progress.has("examplesPerSecond")) {
      words.add(
          String.format(
              Locale.ROOT, "%,.0f examples/s", progress.get("examplesPerSecond").getAsDouble()));
    }
    if (progress.has("checkpointStep")) {
      words.add("checkpoint of step " + progress.get("checkpointStep").getAsInt());
    }
    return words.isEmpty() ? "not a step yet" : String.join(", ", words);
  }

  /** How long a state has lasted; empty if its time is no time, or to come. */
  static Optional<String> age(StateLog.Entry entry, Instant now) {
    try {
      Duration age = Duration.between(Instant.parse(entry.since()), now);
      return age.isNegative() ? Optional.empty() : Optional.of(words(age));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /** {@code 42 s}, {@code 7 min}, {@code 3 h}, {@code 12 d}. */
  static String words(Duration age) {
    if (age.toMinutes() < 2) {
      return age.toSeconds() + " s";
    }
    if (age.toHours() < 2) {
      return age.toMinutes() + " min";
    }
    return age.toDays() < 2 ? age.toHours() + " h" : age.toDays() + " d";
  }
}
