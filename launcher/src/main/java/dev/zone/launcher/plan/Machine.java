package dev.zone.launcher.plan;

import dev.zone.conf.CpuFeatures;
import dev.zone.conf.DataSize;
import dev.zone.conf.JobSpec;
import dev.zone.conf.PlanSpec.BackendSpec;
import dev.zone.conf.ResourceSpec;
import dev.zone.conf.WorkerFlags;
import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What the machine at hand can give.
 *
 * @param processors logical ones
 * @param memory of the machine, or of the control group that this process is confined to; empty if
 *     the system does not say
 */
public record Machine(int processors, Optional<DataSize> memory) {
  private static final List<Path> LIMITS =
      List.of(
          Path.of("/sys/fs/cgroup/memory.max"),
          Path.of("/sys/fs/cgroup/memory/memory.limit_in_bytes"));

  /** Asks the system. */
  public static Machine ofThisProcess() {
    return new Machine(Runtime.getRuntime().availableProcessors(), readMemory());
  }

  /**
   * Refuses what this machine can never hold.
   *
   * @param local whether all workers run here
   * @throws ZoneException of resources
   */
  public void requireRoomFor(ResourceSpec resources, boolean local) {
    if (local && resources.perWorker().gpus() > 0 && !resources.cpuFallback()) {
      throw new ZoneException(
          ErrorKind.RESOURCES,
          "Cannot give a worker a GPU: a local master computes on CPUs (expected"
              + " resources.perWorker.gpus: 0, resources.cpuFallback: true, or --zone with GPUs)");
    }
    long asked =
        Math.multiplyExact(resources.perWorker().memory().bytes(), (long) resources.workers());
    if (local && memory.isPresent() && asked > memory.get().bytes()) {
      throw new ZoneException(
          ErrorKind.RESOURCES,
          "Cannot give "
              + resources.workers()
              + " workers "
              + resources.perWorker().memory()
              + " each: this machine has "
              + memory.get().mebibytes()
              + " MiB (expected fewer --workers, or less resources.perWorker.memory)");
    }
  }

  /**
   * What each worker of a job computes with.
   *
   * @param local whether all workers run here
   */
  BackendSpec backend(JobSpec job, boolean local) {
    ResourceSpec given = local ? job.resources().onCpus() : job.resources();
    return WorkerFlags.backend(given.perWorker(), job.training().precision(), CpuFeatures.detect());
  }

  private static Optional<DataSize> readMemory() {
    Optional<Long> smallest = total();
    for (Path limit : LIMITS) {
      try {
        String text = Files.isReadable(limit) ? Files.readString(limit).trim() : "max";
        if (text.matches("[0-9]{1,18}")) {
          long bytes = Long.parseLong(text);
          smallest = Optional.of(smallest.map(known -> Math.min(known, bytes)).orElse(bytes));
        }
      } catch (IOException e) {
        // The control group says nothing; the machine's own figure stands.
        continue;
      }
    }
    return smallest.map(DataSize::new);
  }

  private static Optional<Long> total() {
    try {
      return Files.readAllLines(Path.of("/proc/meminfo")).stream()
          .filter(line -> line.startsWith("MemTotal:"))
          .findFirst()
          .map(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10);
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    }
  }
}
