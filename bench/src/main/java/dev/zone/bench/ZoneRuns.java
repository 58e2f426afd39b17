package dev.zone.bench;

import dev.zone.bench.contest.Examples;
import dev.zone.bench.contest.Workload;
import dev.zone.conf.CpuFeatures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** How Zone trains a workload: {@code zone run} with a job file, as its users do. */
final class ZoneRuns {
  private final Settings settings;
  private final Workload workload;

  ZoneRuns(Settings settings, Workload workload) {
    this.settings = settings;
    this.workload = workload;
  }

  List<Contestant> all() throws IOException {
    writeExamples();
    int epochs = workload.epochs(settings.seconds());
    String dl4j = "engine=dl4j";
    List<Contestant> all =
        new ArrayList<>(
            List.of(
                new Contestant("zone, 1 worker", 1, 1, run(1, epochs)),
                new Contestant("zone, 2 workers", 2, 1, run(2, epochs)),
                new Contestant("zone, 2 processes", 1, 2, run(1, epochs)),
                new Contestant("zone with engine dl4j, 2 workers", 2, 1, run(2, epochs, dl4j)),
                new Contestant("zone with engine dl4j, 2 processes", 1, 2, run(1, epochs, dl4j))));
    if (CpuFeatures.detect().hasBf16()) {
      String bf16 = "precision=bf16";
      all.add(new Contestant("zone with bf16, 1 worker", 1, 1, run(1, epochs, bf16)));
      all.add(new Contestant("zone with bf16, 2 workers", 2, 1, run(2, epochs, bf16)));
    }
    return all;
  }

  /** With the engine that Zone takes by itself. */
  Function<Path, Launch> run(int workers, int epochs) {
    return run(workers, epochs, "engine=auto");
  }

  /**
   * @param epochs of one worker; several see all examples in fewer steps, and do as many steps
   * @param setting of the training
   */
  private Function<Path, Launch> run(int workers, int epochs, String setting) {
    List<String> options =
        List.of(
            "--workers=" + workers,
            "--set=training." + setting,
            "--set=training.epochs=" + epochs * workers,
            "--set=training.batchSize=" + workload.batch() * workers);
    Path job = settings.root().resolve("bench/cases/" + workload.title() + ".yaml");
    return place -> launch(settings, job, data(), options, place);
  }

  private Path data() {
    return settings.work().resolve("data");
  }

  /** Any job, with a cache of prepared data that measurements share. */
  static Launch launch(Settings settings, Path job, Path data, List<String> options, Path place) {
    Path runs = place.resolve("runs");
    List<String> command = new ArrayList<>();
    command.addAll(List.of(settings.zone().toString(), "run", job.toString()));
    command.addAll(List.of("--data=" + data, "--runs=" + runs));
    command.addAll(options);
    return new Launch(
        command,
        Map.of("ZONE_CACHE", settings.work().resolve("cache").toString()),
        new RecordedSteps(runs));
  }

  /** Writes the files that the dataset's descriptor names, and returns their folder. */
  Path writeExamples() throws IOException {
    String domain = workload == Workload.CNN ? "chip" : "manufacturing";
    Path folder = data().resolve(domain).resolve("bench-" + workload.title());
    Files.createDirectories(folder);
    write(Examples.training(workload), folder.resolve("train.npz"));
    write(Examples.heldOut(workload), folder.resolve("test.npz"));
    return folder;
  }

  private void write(Examples examples, Path file) throws IOException {
    int steps = workload.steps();
    int rows = examples.size() * steps;
    long[] labels = new long[rows];
    for (int i = 0; i < rows; i++) {
      labels[i] = examples.labels()[i / steps];
    }
    try (NpzWriter out = new NpzWriter(file)) {
      if (workload == Workload.CNN) {
        out.floats("image", examples.inputs(), rows, 32, 32);
      } else {
        out.floats("x", examples.inputs(), rows, workload.width());
      }
      out.longs("label", labels);
    }
  }
}
