package dev.zone.conf;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What ND4J's CUDA library can run on. The one of the newest release, 1.0.0-M2.1, is built for CUDA
 * 11.6 and holds machine code for a few compute capabilities and no PTX that a driver could
 * translate for others; read from the fat binaries' headers of {@code libnd4jcuda.so}.
 */
public final class Cuda {
  /** The CUDA version that the library needs. */
  public static final String VERSION = "11.6";

  /** The oldest driver for Linux that runs programs of CUDA 11 (NVIDIA, CUDA compatibility). */
  public static final String OLDEST_DRIVER = "450.80.02";

  /** The libraries that {@code libnd4jcuda.so} is linked with, as its dynamic section has them. */
  public static final List<String> LIBRARIES = List.of("libcublas.so.11", "libcusolver.so.11");

  /** Compute capabilities that it holds code for, in tenths. */
  private static final List<Integer> CODE = List.of(37, 50, 52, 60, 61, 70, 75, 80, 86);

  /** Of NVIDIA's models, by the names that people give them (developer.nvidia.com/cuda-gpus). */
  private static final Map<String, String> MODELS =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("K80", "3.7"),
              Map.entry("M40", "5.2"),
              Map.entry("M60", "5.2"),
              Map.entry("P100", "6.0"),
              Map.entry("P40", "6.1"),
              Map.entry("P4", "6.1"),
              Map.entry("V100", "7.0"),
              Map.entry("T4", "7.5"),
              Map.entry("A100", "8.0"),
              Map.entry("A30", "8.0"),
              Map.entry("A10", "8.6"),
              Map.entry("A16", "8.6"),
              Map.entry("A40", "8.6"),
              Map.entry("L4", "8.9"),
              Map.entry("L40", "8.9"),
              Map.entry("L40S", "8.9"),
              Map.entry("H100", "9.0"),
              Map.entry("H200", "9.0"),
              Map.entry("H20", "9.0"),
              Map.entry("B200", "10.0")));

  private Cuda() {}

  /** The compute capability of a model, if it is a known one. */
  public static Optional<String> capabilityOf(String model) {
    String name = model.toUpperCase(Locale.ROOT).replace("NVIDIA", "").replace("TESLA", "").strip();
    return Optional.ofNullable(MODELS.get(name.split("[ -]", 2)[0]));
  }

  /**
   * Whether the library has code that a GPU runs: that of the same major version and of no higher a
   * minor one (CUDA C++ programming guide, binary compatibility).
   *
   * @param capability such as {@code 8.0}
   */
  public static boolean canRun(String capability) {
    int tenths = Integer.parseInt(capability.replace(".", ""));
    return CODE.stream().anyMatch(code -> code / 10 == tenths / 10 && code <= tenths);
  }

  /** Why a GPU of such a capability is of no use, and what to do. */
  public static String refusal() {
    return "3.7 or 5.0 to 8.9: ND4J 1.0.0-M2.1's library for CUDA "
        + VERSION
        + " holds code for 3.7, 5.0, 5.2, 6.0, 6.1, 7.0, 7.5, 8.0 and 8.6 and no PTX, so newer"
        + " GPUs such as Hopper and Blackwell cannot run it; describe such machines without gpus,"
        + " and jobs train on their CPUs";
  }
}
