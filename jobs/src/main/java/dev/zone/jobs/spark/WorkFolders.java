package dev.zone.jobs.spark;

import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.storage.Storage;
import dev.zone.jobs.run.DistantRunFolder;
import dev.zone.jobs.run.RunFolder;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.apache.spark.SparkEnv;
import scala.Tuple2;

/**
 * Runs' folders by their places: paths of mounted file systems, or URIs of storages that only
 * Hadoop's client reaches.
 */
final class WorkFolders {
  private static final String HADOOP = "spark.hadoop.";

  private WorkFolders() {}

  /** The driver's, by the place that it was started with. */
  static RunFolder ofDriver(String place) {
    Optional<URI> distant = distant(place);
    if (distant.isEmpty()) {
      return new RunFolder(mounted(place));
    }
    Storage storage = Storage.of(distant.get(), hadoopProperties());
    return DistantRunFolder.ofDriver(place, storage, temporary("zone-run-"));
  }

  /**
   * A worker's.
   *
   * @param lines takes lines of files to the driver, where the folder is distant
   */
  static RunFolder ofWorker(String place, BiConsumer<String, String> lines) {
    return distant(place)
        .map(uri -> Storage.of(uri, hadoopProperties()))
        .<RunFolder>map(
            storage -> DistantRunFolder.ofWorker(place, storage, Path.of("zone-run"), lines))
        .orElseGet(() -> new RunFolder(mounted(place)));
  }

  /** A folder that is no run's. */
  static Storage storage(String place) {
    return distant(place)
        .map(uri -> Storage.of(uri, hadoopProperties()))
        .orElseGet(() -> Storage.local(mounted(place)));
  }

  /** The URI, if the place is on a storage that is not mounted. */
  static Optional<URI> distant(String place) {
    try {
      URI uri = new URI(place);
      boolean mounted = uri.getScheme() == null || uri.getScheme().equals("file");
      return mounted ? Optional.empty() : Optional.of(uri);
    } catch (URISyntaxException e) {
      // A path may have characters that a URI may not.
      return Optional.empty();
    }
  }

  private static Path mounted(String place) {
    return place.startsWith("file:") ? Path.of(URI.create(place)) : Path.of(place);
  }

  /**
   * Properties for Hadoop's client: of the Spark that runs here, or, before it does, those that a
   * driver in a cluster has as the JVM's.
   */
  static Map<String, String> hadoopProperties() {
    Map<String, String> properties = new HashMap<>();
    if (SparkEnv.get() != null) {
      for (Tuple2<String, String> entry : SparkEnv.get().conf().getAllWithPrefix(HADOOP)) {
        properties.put(entry._1(), entry._2());
      }
      return properties;
    }
    for (String name : System.getProperties().stringPropertyNames()) {
      if (name.startsWith(HADOOP)) {
        properties.put(name.substring(HADOOP.length()), System.getProperty(name));
      }
    }
    return properties;
  }

  /**
   * A new folder for as long as this process is there.
   *
   * @throws ZoneException (environment) if it cannot be made
   */
  static Path temporary(String prefix) {
    try {
      return Files.createTempDirectory(prefix);
    } catch (IOException e) {
      throw ZoneException.environment("Cannot make a folder to work in: " + e.getMessage(), e);
    }
  }
}
