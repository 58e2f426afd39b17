package dev.zone.datasets.prepare;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.zone.conf.DeriveSpec;
import dev.zone.conf.JobSpec;
import dev.zone.conf.WindowSpec;
import java.util.List;
import java.util.Locale;

/**
 * The file {@code transforms.json}: how a dataset's rows become the model's inputs, and what its
 * outputs are called.
 */
final class TransformsJson {
  private static final int FORMAT = 1;

  private TransformsJson() {}

  static JsonObject write(JobSpec job, List<ModelInput> inputs, Labels labels) {
    JsonObject json = new JsonObject();
    json.addProperty("format", FORMAT);
    json.addProperty("dataset", job.dataset().path());
    json.addProperty("task", job.task().getClass().getSimpleName().toLowerCase(Locale.ROOT));
    json.add("labels", texts(job.task().labels()));
    json.add("classes", texts(labels.classes()));
    JsonObject derive = new JsonObject();
    job.derive().forEach((name, spec) -> derive.add(name, derived(spec)));
    json.add("derive", derive);
    job.windows().ifPresent(windows -> json.add("windows", windows(windows)));
    JsonArray all = new JsonArray();
    inputs.forEach(input -> all.add(input(input)));
    json.add("inputs", all);
    return json;
  }

  private static JsonObject derived(DeriveSpec spec) {
    JsonObject json = new JsonObject();
    json.add(spec.getClass().getSimpleName().toLowerCase(Locale.ROOT), texts(spec.columns()));
    return json;
  }

  private static JsonObject windows(WindowSpec windows) {
    JsonObject json = new JsonObject();
    windows.group().ifPresent(group -> json.addProperty("group", group));
    windows.time().ifPresent(time -> json.addProperty("time", time));
    json.addProperty("length", windows.length());
    json.addProperty("average", windows.average());
    json.addProperty("stride", windows.stride());
    json.addProperty("pad", windows.pad().name().toLowerCase(Locale.ROOT));
    json.addProperty("targets", windows.targets().name().toLowerCase(Locale.ROOT));
    return json;
  }

  private static JsonObject input(ModelInput input) {
    JsonObject json = new JsonObject();
    json.addProperty("name", input.name());
    JsonArray shape = new JsonArray();
    input.shape().forEach(shape::add);
    json.add("shape", shape);
    JsonArray parts = new JsonArray();
    for (ModelInput.Part part : input.parts()) {
      JsonObject each = new JsonObject();
      each.add("columns", texts(part.columns()));
      part.smooth().ifPresent(weight -> each.addProperty("smooth", weight));
      each.add("transforms", part.row().toJson());
      part.window().ifPresent(window -> each.add("windowTransforms", window.toJson()));
      parts.add(each);
    }
    json.add("parts", parts);
    return json;
  }

  private static JsonArray texts(List<String> texts) {
    JsonArray array = new JsonArray();
    texts.forEach(array::add);
    return array;
  }
}
