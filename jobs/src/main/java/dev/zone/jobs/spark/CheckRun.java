package dev.zone.jobs.spark;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.zone.conf.PlanSpec;
import dev.zone.conf.SplitSpec.Split;
import dev.zone.conf.error.ZoneException;
import dev.zone.jobs.model.LayerSummary;
import dev.zone.jobs.model.NetworkConfiguration;
import dev.zone.jobs.run.Records;
import dev.zone.jobs.run.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Locale;

/** Finds out all that can be known before training, without Spark. */
final class CheckRun {
  private final RunFolder folder;

  CheckRun(RunFolder folder) {
    this.folder = folder;
  }

  void run() {
    PlanSpec plan = Plans.parse(read(folder, "plan.yaml"));
    Fits fits = Fits.prepare(plan, folder.resolve("model-files"));
    Fits.Fit fit = fits.kept();
    int train = fit.manifest().counts().getOrDefault(Split.TRAIN, 0);
    JsonObject json = new JsonObject();
    json.addProperty("parameters", fit.network().parameters());
    json.addProperty("engine", fit.engine().words());
    fit.engine().explanation().ifPresent(text -> json.addProperty("graph", text));
    json.add("layers", layers(fit.network()));
    json.addProperty(
        "memoryPerWorker", Fits.memoryPerWorker(plan, train, fit.network(), fit.engine().engine()));
    json.addProperty("stepsPerEpoch", Fits.stepsPerEpoch(plan, fit));
    JsonObject examples = new JsonObject();
    fit.manifest()
        .counts()
        .forEach(
            (split, count) -> examples.addProperty(split.name().toLowerCase(Locale.ROOT), count));
    json.add("examples", examples);
    json.add("findings", Records.findings(VersionNews.all(plan, fit.manifest())));
    json.add("notes", notes(fit.network()));
    folder.replace("check.json", json);
  }

  static JsonArray layers(NetworkConfiguration network) {
    JsonArray layers = new JsonArray();
    for (LayerSummary layer : network.layers()) {
      JsonObject json = new JsonObject();
      json.addProperty("name", layer.name());
      json.addProperty("type", layer.type());
      JsonArray shape = new JsonArray();
      layer.outputShape().forEach(shape::add);
      json.add("output", shape);
      json.add("outputShape", shape.deepCopy());
      json.addProperty("parameters", layer.parameters());
      layers.add(json);
    }
    return layers;
  }

  static JsonArray notes(NetworkConfiguration network) {
    JsonArray notes = new JsonArray();
    network.notes().forEach(notes::add);
    return notes;
  }

  static String read(RunFolder folder, String name) {
    try {
      return Files.readString(folder.resolve(name));
    } catch (IOException e) {
      throw ZoneException.environment("Cannot read file: " + folder.resolve(name), e);
    }
  }
}
