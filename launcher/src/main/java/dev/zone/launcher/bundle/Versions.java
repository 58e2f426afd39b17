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
  /** Scala's, which Spark and the application are built for. */
  public static final String SCALA = "2.13";

  /** The first two numbers of a version: {@code 4.1}. Spark keeps its protocols within them. */
  public static String minor(String version) {
    String[] parts = version.split("\\.", 3);
    return parts.length < 2 ? version : parts[0] + "." + parts[1];
  }

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
