package dev.zone.datasets.storage;

import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import java.net.URI;
import java.util.Optional;
import org.apache.hadoop.util.VersionInfo;

/**
 * A file system that Hadoop's client knows by name, and whose classes come in jars of their own.
 */
final class MissingClient {
  private MissingClient() {}

  /**
   * What is missing, and where it belongs.
   *
   * @param failure that came of opening it
   * @return empty if the failure was another
   */
  static Optional<ZoneException> of(URI uri, Throwable failure) {
    for (Throwable each = failure; each != null; each = each.getCause()) {
      // Hadoop wraps the first; the second comes of a client without the library that it calls.
      if (each instanceof ClassNotFoundException || each instanceof NoClassDefFoundError) {
        String name = String.valueOf(each.getMessage()).replace('/', '.');
        name = name.startsWith("Class ") ? name.split(" ")[1] : name;
        return Optional.of(
            new ZoneException(
                ErrorKind.USER,
                "Cannot use storage: %s: the class %s is missing (expected %s in lib/extra of the distribution or .zone/extra of the source tree; docs/clusters.md says more)"
                    .formatted(uri, name, jars(uri.getScheme())),
                failure));
      }
    }
    return Optional.empty();
  }

  private static String jars(String scheme) {
    String version = VersionInfo.getVersion();
    return switch (scheme) {
      case "s3a" ->
          "hadoop-aws-"
              + version
              + ".jar, analyticsaccelerator-s3-*.jar and the AWS SDK's bundle-2.*.jar";
      case "abfs", "abfss", "wasb", "wasbs" -> "hadoop-azure-" + version + ".jar and what it needs";
      default -> "the jar of the client of " + scheme + ", and what it needs,";
    };
  }
}
