package dev.zone.launcher.zones;

import dev.zone.conf.CentreSpec;
import dev.zone.conf.ZoneRules;
import dev.zone.conf.ZoneSpec;
import dev.zone.conf.error.Names;
import dev.zone.conf.error.Problems;
import dev.zone.conf.yaml.Bound;
import dev.zone.conf.yaml.Locations;
import dev.zone.conf.yaml.YamlBinder;
import dev.zone.launcher.bundle.Distribution;
import dev.zone.launcher.bundle.UserFiles;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Finds the zone that somebody named: a file, or a name whose file is in the folder that {@code
 * ZONE_ZONES} names, in {@code conf/zones} of the repository, or in that of the distribution.
 */
public final class ZoneFiles {
  /** The zone that is meant where none is named. */
  public static final String DEFAULT = "laptop";

  private final List<Path> folders;
  private final Path here;

  /**
   * @param here the folder that relative paths start from
   * @param environment may name a folder of zone files, {@code ZONE_ZONES}
   */
  public ZoneFiles(Distribution distribution, Path here, Map<String, String> environment) {
    this.here = here;
    this.folders = new ArrayList<>();
    String own = environment.getOrDefault("ZONE_ZONES", "");
    if (!own.isBlank()) {
      folders.add(here.resolve(own));
    }
    distribution.roots().forEach(root -> folders.add(root.resolve("conf/zones")));
  }

  /**
   * Reads a zone and checks it, without asking its centres anything.
   *
   * @param named a file or a zone's name
   * @return empty, with problems, if anything is wrong
   */
  public Optional<Bound<ZoneSpec>> read(String named, Problems problems) {
    Problems own = new Problems();
    Optional<Bound<ZoneSpec>> bound =
        find(named, own)
            .flatMap(
                file -> YamlBinder.readBesideProblems(UserFiles.shown(file), ZoneSpec.class, own));
    bound.ifPresent(
        zone -> {
          ZoneRules.check(zone.value(), zone.locations(), own);
          zone.value()
              .centres()
              .forEach((name, centre) -> checkFolders(name, centre, zone.locations(), own));
        });
    problems.addAll(own);
    return own.isEmpty() ? bound : Optional.empty();
  }

  private Optional<Path> find(String named, Problems problems) {
    Optional<Path> path = path(named);
    if (path.isPresent() && Files.isRegularFile(path.get())) {
      return path;
    }
    if (named.matches("[A-Za-z0-9._-]{1,100}")) {
      for (Path folder : folders) {
        Path file = folder.resolve(named + ".yaml");
        if (Files.isRegularFile(file)) {
          return Optional.of(file);
        }
      }
    }
    problems.add(
        "",
        "Cannot find the zone: "
            + named
            + " (expected a file, or one of "
            + String.join(", ", names())
            + ")"
            + Names.suggestion(named, names()));
    return Optional.empty();
  }

  private Optional<Path> path(String named) {
    try {
      return Optional.of(here.resolve(named));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  /** Names of all zones that can be named without a path. */
  public List<String> names() {
    TreeSet<String> names = new TreeSet<>();
    folders.forEach(folder -> names.addAll(UserFiles.yamlNames(folder)));
    return List.copyOf(names);
  }

  /**
   * What the file names on this machine. The shipped examples name folders of other machines; so a
   * folder that is not there is a problem only of a zone that is used, see {@link #requireFolders}.
   */
  private static void checkFolders(
      String name, CentreSpec centre, Locations locations, Problems problems) {
    absolute(centre.hadoopConf(), "centres." + name + ".hadoopConf", locations, problems);
    absolute(centre.sparkHome(), "centres." + name + ".sparkHome", locations, problems);
  }

  private static void absolute(
      Optional<String> folder, String path, Locations locations, Problems problems) {
    folder
        .filter(text -> !text.startsWith("/"))
        .ifPresent(
            text ->
                problems.add(
                    locations.of(path),
                    "Cannot use " + path + ": " + text + " (expected an absolute folder)"));
  }

  /**
   * Adds a problem for each folder of this machine that a centre needs and that is not there.
   *
   * @param name the centre's
   */
  public static void requireFolders(
      String name, CentreSpec centre, Locations locations, Problems problems) {
    String at = "centres." + name;
    centre
        .hadoopConf()
        .ifPresent(
            folder -> {
              String needed = centre.isYarn() ? "yarn-site.xml" : "core-site.xml";
              if (!Files.isRegularFile(Path.of(folder, needed))) {
                problems.add(
                    locations.of(at + ".hadoopConf"),
                    "Cannot use %s.hadoopConf: %s (expected a folder with %s)"
                        .formatted(at, folder, needed));
              }
            });
    centre
        .sparkHome()
        .filter(folder -> !Files.isDirectory(Path.of(folder, "jars")))
        .ifPresent(
            folder ->
                problems.add(
                    locations.of(at + ".sparkHome"),
                    "Cannot use %s.sparkHome: %s (expected a folder with Spark's jars/)"
                        .formatted(at, folder)));
  }
}
