package dev.zone.launcher.zones;

import dev.zone.conf.CentreSpec;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.storage.Storage;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A centre of a zone, as this machine uses it.
 *
 * @param zone the zone's name
 * @param name of the centre
 */
public record Centre(String zone, String name, CentreSpec spec) {
  private static final List<String> HADOOP_FILES =
      List.of("core-site.xml", "hdfs-site.xml", "yarn-site.xml", "resource-types.xml");

  /** Somebody waits for a command: a server that is gone is to be said so within seconds. */
  private static final Map<String, String> IMPATIENT =
      Map.of(
          "ipc.client.connect.timeout", "5000",
          "ipc.client.connect.max.retries", "1",
          "ipc.client.connect.max.retries.on.timeouts", "1",
          "dfs.client.retry.policy.enabled", "false");

  /** For people: {@code lingang/chips}. */
  public String title() {
    return zone + "/" + name;
  }

  /**
   * The folder of the centre's storage, where it is one of a file system that is mounted here.
   *
   * @param environment where {@code HOME} says what {@code ~} is
   */
  public Optional<Path> mounted(Map<String, String> environment) {
    String storage = spec.storage();
    if (storage.startsWith("~")) {
      String home = environment.getOrDefault("HOME", System.getProperty("user.home"));
      return Optional.of(Path.of(home + storage.substring(1)).toAbsolutePath().normalize());
    }
    URI uri = URI.create(storage);
    return uri.getScheme().equals("file")
        ? Optional.of(Path.of(uri.getPath()).normalize())
        : Optional.empty();
  }

  /**
   * Opens the storage.
   *
   * @throws ZoneException of the environment if it cannot be reached
   */
  public Storage open(Map<String, String> environment) {
    Optional<Path> mounted = mounted(environment);
    return mounted.isPresent()
        ? Storage.local(mounted.get())
        : Storage.of(URI.create(spec.storage()), IMPATIENT, hadoopFiles());
  }

  /** The files of Hadoop's configuration, as far as they are there. */
  public List<Path> hadoopFiles() {
    return spec.hadoopConf().stream()
        .flatMap(folder -> HADOOP_FILES.stream().map(name -> Path.of(folder, name)))
        .filter(Files::isRegularFile)
        .toList();
  }
}
