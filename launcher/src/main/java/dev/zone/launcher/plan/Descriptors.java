package dev.zone.launcher.plan;

import dev.zone.conf.DatasetName;
import dev.zone.conf.error.Names;
import dev.zone.conf.error.Problems;
import dev.zone.launcher.bundle.UserFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds a dataset's descriptor, {@code datasets/<domain>/<name>.yaml}: below the job file's folder,
 * below the folders above it (the repository that the job lives in), then where datasets are
 * shipped.
 */
public final class Descriptors {
  private final Set<Path> bases = new LinkedHashSet<>();

  /**
   * Looks there.
   *
   * @param jobFolder absolute
   * @param shipped absolute folders with a folder {@code datasets}, the first preferred
   */
  public Descriptors(Path jobFolder, List<Path> shipped) {
    for (Path folder = jobFolder; folder != null; folder = folder.getParent()) {
      bases.add(folder);
    }
    bases.addAll(shipped);
  }

  /**
   * The descriptor's file; empty, and a problem, if there is none.
   *
   * @param where the place in the job file that names it
   */
  public Optional<Path> find(DatasetName name, String where, Problems problems) {
    for (Path base : bases) {
      Path file = base.resolve("datasets").resolve(name.domain()).resolve(name.name() + ".yaml");
      if (Files.isRegularFile(file)) {
        return Optional.of(file);
      }
    }
    Set<String> known = known();
    problems.add(
        where,
        "Cannot find the dataset: "
            + name.path()
            + Names.suggestion(name.path(), known)
            + " (expected "
            + (known.isEmpty()
                ? "a descriptor datasets/" + name.path() + ".yaml beside the job"
                : "one of " + String.join(", ", known))
            + ")");
    return Optional.empty();
  }

  /** Names of all datasets that can be found, in alphabetical order. */
  Set<String> known() {
    Set<String> names = new TreeSet<>();
    for (Path base : bases) {
      for (String domain : DatasetName.DOMAINS) {
        UserFiles.yamlNames(base.resolve("datasets").resolve(domain))
            .forEach(name -> names.add(domain + "/" + name));
      }
    }
    return names;
  }
}
