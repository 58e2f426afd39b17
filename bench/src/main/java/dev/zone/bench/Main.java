package dev.zone.bench;

import dev.zone.conf.CpuFeatures;
import dev.zone.conf.DataSize;
import dev.zone.conf.PlanSpec.BackendSpec;
import dev.zone.conf.ResourceSpec.WorkerSpec;
import dev.zone.conf.TrainingSpec.Precision;
import dev.zone.conf.WorkerFlags;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts a measurement in a JVM that has the flags and threads of a run's workers. */
public final class Main {
  private static final DataSize PROCESS = DataSize.ofMebibytes(6144);

  private Main() {}

  /** The process to start; its streams are the caller's to redirect. */
  static ProcessBuilder process(List<String> arguments) {
    // One of bf16 where there is some: it can compute in float32 too.
    Precision precision = CpuFeatures.detect().hasBf16() ? Precision.BF16 : Precision.FLOAT32;
    BackendSpec backend =
        WorkerFlags.backend(
            new WorkerSpec(1, DataSize.ofMebibytes(2048), 0), precision, CpuFeatures.detect());
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // Buffers that are reduced are outside the heap: eight of the largest at once.
    command.addAll(List.of("-Xmx2g", "-XX:MaxDirectMemorySize=4g"));
    command.add("-XX:+UseParallelGC");
    command.addAll(WorkerFlags.jvm(backend, PROCESS));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(WorkerFlags.environment(backend));
    return builder;
  }

  /**
   * @param arguments the measurement's class, then what it takes
   */
  public static void main(String[] arguments) throws Exception {
    System.exit(process(List.of(arguments)).inheritIO().start().waitFor());
  }
}
