package dev.zone.datasets.prepare;

import dev.zone.conf.DatasetSpec;
import dev.zone.conf.JobSpec;
import dev.zone.conf.error.Problems;
import dev.zone.conf.yaml.Bound;
import dev.zone.conf.yaml.YamlBinder;
import java.nio.file.Path;
import java.util.List;

/** The descriptors and jobs of this repository. */
final class Shipped {
  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

  private Shipped() {}

  static DatasetSpec dataset(String name) {
    return read("datasets/" + name + ".yaml", DatasetSpec.class);
  }

  static JobSpec job(String name) {
    return read("jobs/" + name + ".yaml", JobSpec.class);
  }

  private static <T> T read(String path, Class<T> type) {
    Problems problems = new Problems();
    Bound<T> bound = YamlBinder.read(ROOT.resolve(path), type, List.of(), problems).orElse(null);
    problems.throwIfAny();
    return bound.value();
  }
}
