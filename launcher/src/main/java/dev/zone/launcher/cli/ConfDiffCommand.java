package dev.zone.launcher.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.zone.conf.yaml.Effective;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Prints what differs between two zones, defaults included. */
@Command(name = "diff", description = "Prints the values in effect that differ.")
final class ConfDiffCommand implements Callable<Integer> {
  private final Context context;

  @Parameters(index = "0", paramLabel = "A", description = "A zone file, or a zone's name.")
  private String left = "";

  @Parameters(index = "1", paramLabel = "B", description = "Another.")
  private String right = "";

  @Mixin private OutputOptions output = new OutputOptions();

  ConfDiffCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    Map<String, String> a = values(left);
    Map<String, String> b = values(right);
    Set<String> paths = new LinkedHashSet<>(a.keySet());
    paths.addAll(b.keySet());
    paths.removeIf(path -> a.containsKey(path) && a.get(path).equals(b.get(path)));
    if (output.isJson()) {
      context.terminal().out().println(json(paths, a, b));
      return 0;
    }
    PrintStream out = context.terminal().out();
    for (String path : paths) {
      if (!b.containsKey(path)) {
        out.println("- " + path + ": " + a.get(path));
      } else if (!a.containsKey(path)) {
        out.println("+ " + path + ": " + b.get(path));
      } else {
        out.println("~ " + path + ": " + a.get(path) + " -> " + b.get(path));
      }
    }
    if (paths.isEmpty()) {
      out.println("nothing differs");
    }
    return 0;
  }

  private Map<String, String> values(String zone) {
    Map<String, String> values = new LinkedHashMap<>();
    Effective.of(ConfShowCommand.read(context, zone))
        .forEach(one -> values.put(one.path(), one.value()));
    return values;
  }

  private static JsonObject json(Set<String> paths, Map<String, String> a, Map<String, String> b) {
    JsonArray differences = new JsonArray();
    for (String path : paths) {
      JsonObject one = new JsonObject();
      one.addProperty("path", path);
      one.addProperty("a", a.get(path));
      one.addProperty("b", b.get(path));
      differences.add(one);
    }
    JsonObject json = new JsonObject();
    json.add("differences", differences);
    return json;
  }
}
