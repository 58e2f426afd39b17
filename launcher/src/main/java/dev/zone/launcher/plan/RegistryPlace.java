package dev.zone.launcher.plan;

import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.format.Digests;
import dev.zone.datasets.storage.PlacedFile;
import dev.zone.datasets.storage.Storage;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where the registry of datasets is: an option says so, else {@code ZONE_REGISTRY}, else it is
 * {@code ~/.zone/registry}.
 */
public final class RegistryPlace {
  /** The variable that says where it is. */
  public static final String VARIABLE = "ZONE_REGISTRY";

  /** The variable that says for which tenant. */
  private static final String TENANT = "ZONE_TENANT";

  private static final String SCHEME = "[A-Za-z][A-Za-z0-9+.-]+:.*";

  /** A URI, rather than a name with a colon. */
  private static final String ROOTED = "[A-Za-z][A-Za-z0-9+.-]+:/.*";

  private final String place;
  private final Path folder;
  private final Map<String, String> environment;

  private RegistryPlace(String place, Path folder, Map<String, String> environment) {
    this.place = place;
    this.folder = folder;
    this.environment = environment;
  }

  /**
   * @param option a folder or a URI
   * @param folder that a relative one starts from
   */
  public static RegistryPlace of(
      Optional<String> option, Map<String, String> environment, Path folder) {
    String home = environment.getOrDefault("HOME", System.getProperty("user.home"));
    String place =
        option
            .or(() -> Optional.ofNullable(environment.get(VARIABLE)))
            .filter(text -> !text.isBlank())
            .orElse(home + "/.zone/registry");
    return new RegistryPlace(place, folder, Map.copyOf(environment));
  }

  /** Its folder, where it is one of a file system that is mounted here. */
  public Optional<Path> mounted() {
    if (!place.matches(SCHEME)) {
      try {
        return Optional.of(folder.resolve(place).toAbsolutePath().normalize());
      } catch (InvalidPathException e) {
        throw wrong(e);
      }
    }
    return uri().getScheme().equals("file")
        ? Optional.of(Path.of(uri().getPath()).normalize())
        : Optional.empty();
  }

  /** Where it is, for another process: an absolute path or a URI. */
  public String forOthers() {
    return mounted().map(Path::toString).orElse(place);
  }

  /** Who asks: the user of this machine, and the tenant that {@code ZONE_TENANT} names. */
  public static List<String> who(Map<String, String> environment) {
    List<String> who = new ArrayList<>(List.of(System.getProperty("user.name", "")));
    tenant(environment).ifPresent(who::add);
    return who;
  }

  /** The tenant that {@code ZONE_TENANT} names, if it names one. */
  public static Optional<String> tenant(Map<String, String> environment) {
    return Optional.ofNullable(environment.get(TENANT)).filter(tenant -> !tenant.isBlank());
  }

  /** Where this machine keeps copies of what is in it. */
  Path copies() {
    return CacheFolder.of(environment)
        .map(cache -> folder.resolve(cache).resolve("registries").resolve(Digests.ofText(place)))
        .orElseThrow(
            () ->
                ZoneException.user(
                    "Cannot copy from the registry %s: the environment names no home (expected ZONE_CACHE=DIR)"
                        .formatted(place)));
  }

  /** As {@link #who(Map)}, of this registry's user. */
  List<String> who() {
    return who(environment);
  }

  private URI uri() {
    try {
      return new URI(place);
    } catch (URISyntaxException e) {
      throw wrong(e);
    }
  }

  private ZoneException wrong(Exception e) {
    return new ZoneException(
        ErrorKind.USER,
        "Cannot use the registry: %s (expected a folder, or a URI such as hdfs://namenode:8020/datasets)"
            .formatted(place),
        e);
  }

  /** Opens it; the caller closes it. */
  public Storage open() {
    return mounted()
        .map(Storage::local)
        .orElseGet(() -> Storage.of(uri(), Map.of(), hadoopFiles(environment)));
  }

  /**
   * A file by a path or by the URI of a storage that Hadoop's client knows.
   *
   * @param folder that a relative path starts from
   * @throws ZoneException of the user's if it is neither
   */
  public static PlacedFile file(String place, Path folder, Map<String, String> environment) {
    try {
      return PlacedFile.isDistant(place)
          ? PlacedFile.of(
              place, parent -> Storage.of(URI.create(parent), Map.of(), hadoopFiles(environment)))
          : PlacedFile.of(local(place, folder));
    } catch (IllegalArgumentException e) {
      throw new ZoneException(
          ErrorKind.USER,
          "Cannot use the file: %s (expected a path, or a URI such as hdfs://namenode:8020/lots/1.csv)"
              .formatted(place),
          e);
    }
  }

  /**
   * A folder of a file system that is mounted here, by a path or a {@code file:} URI.
   *
   * @param folder that a relative path starts from
   * @throws ZoneException of the user's if it is none
   */
  public static Path watched(String place, Path folder) {
    try {
      return local(place, folder);
    } catch (IllegalArgumentException e) {
      throw new ZoneException(
          ErrorKind.USER,
          "Cannot watch %s: it is no folder of a file system that is mounted here (expected a path; files of other storages are fed by their names)"
              .formatted(place),
          e);
    }
  }

  /**
   * @throws IllegalArgumentException if it is no path of a file system that is mounted here
   */
  private static Path local(String place, Path folder) {
    Path path = folder.resolve(place).normalize();
    // A colon is a letter like others, where there is such a file.
    if (!place.matches(ROOTED) || Files.exists(path)) {
      return path;
    }
    URI uri = URI.create(place);
    if (!uri.getScheme().equalsIgnoreCase("file") || uri.getAuthority() != null) {
      throw new IllegalArgumentException("expected a file: " + place);
    }
    return Path.of(uri.getPath()).normalize();
  }

  private static List<Path> hadoopFiles(Map<String, String> environment) {
    return Optional.ofNullable(environment.get("HADOOP_CONF_DIR")).stream()
        .flatMap(
            conf -> Stream.of("core-site.xml", "hdfs-site.xml").map(name -> Path.of(conf, name)))
        .filter(Files::isRegularFile)
        .toList();
  }
}
