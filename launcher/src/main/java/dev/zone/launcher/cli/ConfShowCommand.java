package dev.zone.launcher.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.zone.conf.ZoneSpec;
import dev.zone.conf.error.Problems;
import dev.zone.conf.yaml.Bound;
import dev.zone.conf.yaml.Effective;
import dev.zone.launcher.zones.ZoneFiles;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Prints what is in effect, and where each value comes from. */
@Command(name = "show", description = "Prints every value in effect, and where it comes from.")
final class ConfShowCommand implements Callable<Integer> {
  private final Context context;

  @Parameters(paramLabel = "ZONE", arity = "0..1", description = "A zone file, or a zone's name.")
  private String zone = ZoneFiles.DEFAULT;

  @Mixin private OutputOptions output = new OutputOptions();

  ConfShowCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    List<Effective.Value> values = Effective.of(read(context, zone));
    if (output.isJson()) {
      context.terminal().out().println(json(values));
      return 0;
    }
    int widest =
        values.stream().mapToInt(one -> one.path().length() + one.value().length()).max().orElse(0);
    for (Effective.Value one : values) {
      String line = one.path() + ": " + one.value();
      context
          .terminal()
          .out()
          .println(
              line + " ".repeat(widest + 4 - line.length()) + "# " + one.where().orElse("default"));
    }
    return 0;
  }

  private static JsonObject json(List<Effective.Value> values) {
    JsonArray all = new JsonArray();
    for (Effective.Value one : values) {
      JsonObject value = new JsonObject();
      value.addProperty("path", one.path());
      value.addProperty("value", one.value());
      value.addProperty("from", one.where().orElse("default"));
      all.add(value);
    }
    JsonObject json = new JsonObject();
    json.add("values", all);
    return json;
  }

  /**
   * A zone without mistakes.
   *
   * @throws dev.zone.conf.error.InvalidInputException with all of them
   */
  static Bound<ZoneSpec> read(Context context, String named) {
    Problems problems = new Problems();
    var bound = context.zoneFiles().read(named, problems);
    problems.throwIfAny();
    return bound.orElseThrow();
  }
}
