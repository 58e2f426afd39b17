package dev.zone.jobs.run;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What a run ran on, for its provenance. */
final class Hardware {
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
  private static final Path MEMORY_INFO = Path.of("/proc/meminfo");

  private Hardware() {}

  static JsonObject json() {
    JsonObject json = new JsonObject();
    json.addProperty("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    json.addProperty("architecture", System.getProperty("os.arch"));
    json.addProperty("cpu", field(CPU_INFO, "model name", "unknown"));
    json.addProperty("cores", Runtime.getRuntime().availableProcessors());
    String kilobytes = field(MEMORY_INFO, "MemTotal", "0 kB").replaceAll("[^0-9]", "");
    json.addProperty("memoryBytes", kilobytes.isEmpty() ? 0 : Long.parseLong(kilobytes) * 1024);
    return json;
  }

  /** The flags of this JVM, but none that looks like a secret. */
  static JsonArray jvmFlags() {
    JsonArray flags = new JsonArray();
    for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      String lower = flag.toLowerCase(Locale.ROOT);
      if (!lower.contains("secret") && !lower.contains("password") && !lower.contains("token")) {
        flags.add(flag);
      }
    }
    return flags;
  }

  private static String field(Path file, String name, String otherwise) {
    try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
      List<String> values =
          lines
              .filter(line -> line.startsWith(name))
              .map(line -> line.substring(line.indexOf(':') + 1).trim())
              .limit(1)
              .toList();
      return values.isEmpty() ? otherwise : values.get(0);
    } catch (IOException | java.io.UncheckedIOException e) {
      return otherwise;
    }
  }
}
