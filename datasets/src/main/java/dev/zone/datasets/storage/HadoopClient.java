package dev.zone.datasets.storage;

import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;

/** Hadoop's client of a file system, configured. */
final class HadoopClient {
  private HadoopClient() {}

  /**
   * Opens one that nobody else has; the caller closes it.
   *
   * @param uri of a folder
   * @param properties set over what files say
   * @param configurationFiles set over those on the class path
   * @throws ZoneException of the user's if the URI is none of a storage that can be used, of the
   *     environment if it cannot be reached
   */
  static FileSystem open(
      URI uri, Map<String, String> properties, List<java.nio.file.Path> configurationFiles) {
    if (uri.getUserInfo() != null && uri.getUserInfo().contains(":")) {
      throw ZoneException.user(
          "Cannot use storage: "
              + uri.getScheme()
              + "://…@"
              + uri.getHost()
              + " (expected no password in the address; Hadoop's properties take it)");
    }
    if (uri.getPath() == null || uri.getPath().isEmpty()) {
      throw ZoneException.user(
          "Cannot use storage: " + uri + " (expected a folder, such as hdfs://namenode:8020/zone)");
    }
    Configuration configuration = new Configuration();
    configurationFiles.forEach(file -> configuration.addResource(new Path(file.toUri())));
    prefer(configuration);
    properties.forEach(configuration::set);
    try {
      // An instance of our own: the shared one is closed by whoever else has it.
      return FileSystem.newInstance(uri, configuration);
    } catch (UnsupportedFileSystemException e) {
      throw new ZoneException(
          ErrorKind.USER,
          "Cannot use storage: "
              + uri
              + " (expected a scheme that this Hadoop client knows, such as hdfs)",
          e);
    } catch (IOException | IllegalArgumentException e) {
      throw ZoneException.environment(
          "Cannot reach storage: " + uri + " (" + e.getMessage() + ")", e);
    } catch (RuntimeException | LinkageError e) {
      Optional<ZoneException> missing = MissingClient.of(uri, e);
      if (missing.isPresent()) {
        throw missing.get();
      }
      throw e;
    }
  }

  /** What suits records, where the site's own files and the caller say nothing. */
  private static void prefer(Configuration configuration) {
    // A record is many small files, and closing each would wait for this: until the NameNode heard
    // of the last block, which it does within moments.
    prefer(configuration, "dfs.client.block.write.locateFollowingBlock.initial.delay.ms", "10");
    // Adding to a file must work where there are fewer DataNodes than copies are asked for.
    prefer(configuration, "dfs.client.block.write.replace-datanode-on-failure.best-effort", "true");
  }

  private static void prefer(Configuration configuration, String name, String value) {
    String[] sources = configuration.getPropertySources(name);
    if (sources == null || List.of(sources).equals(List.of("hdfs-default.xml"))) {
      configuration.set(name, value);
    }
  }
}
