package dev.zone.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** What the measurements ran on, for people. */
final class Machine {
  private Machine() {}

  /** A list in Markdown; the load is that of this moment. */
  static String describe() {
    String cpu = field("/proc/cpuinfo", "model name").orElse(System.getProperty("os.arch"));
    String flags = field("/proc/cpuinfo", "flags").orElse("");
    String memory = field("/proc/meminfo", "MemTotal").orElse("unknown");
    return String.join(
        "\n",
        "- processor: "
            + cpu
            + ", "
            + Runtime.getRuntime().availableProcessors()
            + " cores"
            + (flags.contains("avx512f") ? ", AVX-512" : flags.contains("avx2") ? ", AVX2" : ""),
        "- memory: " + memory,
        "- kernel: " + System.getProperty("os.name") + " " + System.getProperty("os.version"),
        "- JDK: " + System.getProperty("java.vendor") + " " + Runtime.version(),
        "- load before it: " + load());
  }

  private static Optional<String> field(String file, String name) {
    try (Stream<String> lines = Files.lines(Path.of(file))) {
      return lines
          .filter(line -> line.startsWith(name))
          .map(line -> line.substring(line.indexOf(':') + 1).trim())
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Processes that wanted to run in the last minute, on average: what else the machine did. */
  private static String load() {
    try {
      return Files.readString(Path.of("/proc/loadavg")).split(" ")[0];
    } catch (IOException e) {
      return "unknown";
    }
  }
}
