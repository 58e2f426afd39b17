package dev.zone.launcher.submit;

import dev.zone.launcher.zones.Centre;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * An application that looks at the GPUs that a centre's cluster gives, and trains nothing.
 *
 * @param name that no other has, of letters, digits and dashes
 * @param folder where it leaves what it finds, as the centre's machines see it: a path or a URI
 * @param jars the application's, as the centre's machines see them: paths or URIs
 * @param gpus that it asks for, each for an executor of its own
 */
record Probe(Centre centre, String name, String folder, List<String> jars, int gpus) {
  static final String MAIN = "dev.zone.jobs.spark.GpuProbe";

  /** Of driver and executors: Spark starts none with less than 450 MiB. */
  private static final String MEMORY = "512m";

  Probe {
    jars = List.copyOf(jars);
  }

  List<String> arguments() {
    String libraries = centre.spec().cudaLibraries().name().toLowerCase(Locale.ROOT);
    return List.of(folder, Integer.toString(gpus), libraries);
  }

  /** Spark's settings, but for what each kind of cluster has of its own. */
  Map<String, String> settings() {
    Map<String, String> settings =
        new LinkedHashMap<>(ApplicationSettings.common(Optional.of(centre)));
    settings.put("spark.driver.cores", "1");
    settings.put("spark.driver.memory", MEMORY);
    settings.put("spark.executor.memory", MEMORY);
    settings.put("spark.executor.cores", "1");
    settings.put("spark.cores.max", Integer.toString(gpus));
    settings.put("spark.executor.instances", Integer.toString(gpus));
    settings.put("spark.executor.resource.gpu.amount", "1");
    settings.put("spark.task.resource.gpu.amount", "1");
    return settings;
  }
}
