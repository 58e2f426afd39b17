package dev.zone.launcher.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.zone.conf.DataSize;
import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.gpu.CudaLibraryPath;
import dev.zone.conf.gpu.Gpu;
import dev.zone.conf.gpu.GpuPreflight;
import dev.zone.conf.gpu.NvidiaSmi;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows this machine's GPUs, and whether jobs can train on them. */
@Command(
    name = "gpus",
    description = {
      "Shows this machine's GPUs, and whether jobs can train on them.",
      "To be run on the machines of a centre: drivers, capabilities, memory and CUDA's libraries"
          + " are theirs. Ends with 4 if no GPU can be used."
    })
final class GpusCommand implements Callable<Integer> {
  private final Context context;

  @Mixin private OutputOptions output = new OutputOptions();

  GpusCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    NvidiaSmi.Answer answer = new NvidiaSmi(variable("PATH")).ask();
    List<String> general = new ArrayList<>(answer.failure().stream().toList());
    if (general.isEmpty()) {
      List<String> missing = new CudaLibraryPath(variable("LD_LIBRARY_PATH")).missing();
      missing.forEach(name -> general.add(name + CudaLibraryPath.EXPECTED));
    }
    boolean usable = false;
    JsonArray gpus = new JsonArray();
    for (Gpu gpu : answer.gpus()) {
      List<String> problems = GpuPreflight.problems(gpu, new DataSize(0));
      usable |= problems.isEmpty();
      gpus.add(json(gpu, problems));
    }
    if (output.isJson()) {
      JsonObject json = new JsonObject();
      json.add("gpus", gpus);
      json.add("problems", array(general));
      context.terminal().out().println(json);
    } else {
      say(answer.gpus(), general);
    }
    return usable && answer.failure().isEmpty() ? 0 : ErrorKind.ENVIRONMENT.exitCode();
  }

  private String variable(String name) {
    return context.environment().getOrDefault(name, "");
  }

  private void say(List<Gpu> gpus, List<String> general) {
    for (Gpu gpu : gpus) {
      context
          .terminal()
          .out()
          .printf(
              "GPU %d: %s, compute capability %s, driver %s, %d of %d MiB free%n",
              gpu.index(),
              gpu.name(),
              gpu.computeCapability().orElse("unknown"),
              gpu.driver(),
              gpu.free().mebibytes(),
              gpu.memory().mebibytes());
      GpuPreflight.problems(gpu, new DataSize(0))
          .forEach(
              problem ->
                  context
                      .terminal()
                      .err()
                      .println("zone: Cannot train on GPU " + gpu.index() + ": " + problem));
    }
    general.forEach(
        problem -> context.terminal().err().println("zone: Cannot train on GPUs: " + problem));
  }

  private static JsonObject json(Gpu gpu, List<String> problems) {
    JsonObject json = new JsonObject();
    json.addProperty("index", gpu.index());
    json.addProperty("uuid", gpu.uuid());
    json.addProperty("name", gpu.name());
    gpu.computeCapability().ifPresent(value -> json.addProperty("computeCapability", value));
    json.addProperty("driver", gpu.driver());
    json.addProperty("memoryBytes", gpu.memory().bytes());
    json.addProperty("freeBytes", gpu.free().bytes());
    json.add("problems", array(problems));
    return json;
  }

  private static JsonArray array(List<String> texts) {
    JsonArray array = new JsonArray();
    texts.forEach(array::add);
    return array;
  }
}
