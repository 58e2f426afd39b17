package dev.zone.launcher.submit;

import dev.zone.conf.error.Problems;
import dev.zone.launcher.zones.Centre;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What the pods of a centre have of this machine's file systems: the volume at the storage's path,
 * and the folders that the centre says all its machines have.
 */
record PodsView(String title, List<Path> folders) {
  PodsView {
    folders = List.copyOf(folders);
  }

  static PodsView of(Centre centre) {
    List<Path> folders = new ArrayList<>();
    folders.add(Path.of(URI.create(centre.spec().storage()).getPath()).normalize());
    centre.spec().shared().forEach(folder -> folders.add(Path.of(folder).normalize()));
    return new PodsView(centre.title(), folders);
  }

  /**
   * Makes sure that a feed's registry and files are where pods reach them. What is named by a URI
   * of another storage only they can tell.
   *
   * @param registry an absolute path, or a URI
   * @param files absolute paths, or URIs
   * @param problems receives each that is not
   */
  void require(String registry, List<String> files, Problems problems) {
    if (!reaches(registry)) {
      problems.add("", unreached("feed the registry", registry, "hdfs://namenode:8020/datasets"));
    }
    for (String file : files) {
      if (!reaches(file)) {
        problems.add("", unreached("feed the file", file, "hdfs://namenode:8020/lots/1.csv"));
      }
    }
  }

  private boolean reaches(String place) {
    return !place.startsWith("/")
        || folders.stream().anyMatch(Path.of(place).normalize()::startsWith);
  }

  private String unreached(String what, String place, String example) {
    String seen = folders.stream().map(Path::toString).collect(Collectors.joining(" or "));
    return "Cannot %s in pods of %s: %s (expected a place below %s, which they have mounted, or a URI such as %s)"
        .formatted(what, title, place, seen, example);
  }
}
