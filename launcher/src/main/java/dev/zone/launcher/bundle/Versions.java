package dev.zone.launcher.bundle;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * The versions that this launcher was built with.
 *
 * @param zone our own
 * @param spark of the Spark that runs the application
 * @param dl4j of the Deeplearning4j that trains
 */
public record Versions(String zone, String spark, String dl4j) {
  /** As the build wrote them into the launcher's jar. */
  public static Versions ofThisBuild() {
    Properties properties = new Properties();
    try (InputStream in =
        Versions.class.getResourceAsStream("/dev/zone/launcher/version.properties")) {
      if (in == null) {
        throw new IllegalStateException("version.properties is not in the launcher's jar");
      }
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Versions(
        properties.getProperty("version"),
        properties.getProperty("spark"),
        properties.getProperty("dl4j"));
  }
}
