package dev.zone.conf.gpu;

import dev.zone.conf.Cuda;
import dev.zone.conf.DataSize;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Whether a GPU can train with ND4J's CUDA library, found out before anything is loaded. */
public final class GpuPreflight {
  /** What a CUDA context and the library's own code take on a device, about. */
  public static final DataSize CONTEXT = DataSize.ofMebibytes(600);

  private GpuPreflight() {}

  /**
   * What is wrong with a GPU, each worded {@code <found> (expected …)}; empty if nothing is.
   *
   * @param needed memory of the training on the device, without {@link #CONTEXT}
   */
  public static List<String> problems(Gpu gpu, DataSize needed) {
    List<String> problems = new ArrayList<>();
    if (isOlder(gpu.driver(), Cuda.OLDEST_DRIVER)) {
      problems.add(
          "driver %s (expected %s or newer, for CUDA %s)"
              .formatted(gpu.driver(), Cuda.OLDEST_DRIVER, Cuda.VERSION));
    }
    gpu.computeCapability()
        .filter(capability -> !Cuda.canRun(capability))
        .ifPresent(
            capability ->
                problems.add(
                    "compute capability %s of %s (expected %s)"
                        .formatted(capability, gpu.name(), Cuda.refusal())));
    DataSize all = new DataSize(needed.bytes() + CONTEXT.bytes());
    if (gpu.free().compareTo(all) < 0) {
      problems.add(
          "%d of %d MiB of memory free (expected about %d MiB for this training; others use the rest)"
              .formatted(gpu.free().mebibytes(), gpu.memory().mebibytes(), all.mebibytes()));
    }
    return problems;
  }

  private static boolean isOlder(String version, String than) {
    if (!version.matches("[0-9]{1,6}(\\.[0-9]{1,6}){0,3}")) {
      return false;
    }
    int[] own = numbers(version);
    int[] other = numbers(than);
    for (int i = 0; i < Math.min(own.length, other.length); i++) {
      if (own[i] != other[i]) {
        return own[i] < other[i];
      }
    }
    return own.length < other.length;
  }

  private static int[] numbers(String version) {
    return Arrays.stream(version.split("\\.")).mapToInt(Integer::parseInt).toArray();
  }
}
