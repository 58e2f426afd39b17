package dev.zone.launcher.bundle;

import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.format.Digests;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The jars that an application needs on a cluster, apart from Spark's: no more than the backend's.
 */
public final class ApplicationJars {
  /** Builds of ND4J's native library beside the plain one. */
  private static final Pattern VARIANT =
      Pattern.compile(
          "org\\.nd4j\\.nd4j-native-[0-9].*-((?:linux|windows|macosx)-[a-z0-9_]+)(-.+)?\\.jar");

  private final Distribution distribution;
  private final Optional<Path> cache;

  /**
   * @param cache folder where digests of files are remembered
   */
  public ApplicationJars(Distribution distribution, Optional<Path> cache) {
    this.distribution = distribution;
    this.cache = cache;
  }

  /**
   * A jar with its digest.
   *
   * @param name of the file
   */
  public record Jar(String name, Path path, long bytes, String sha256) {}

  /**
   * The jars, in order of their names.
   *
   * @param extension the native library's variant, as a plan's backend names it
   * @throws ZoneException of the environment if they cannot be read
   */
  public List<Jar> forNative(String extension) {
    Digests digests = cache.map(Digests::cachedIn).orElseGet(Digests::uncached);
    List<Jar> jars = new ArrayList<>();
    for (Path jar : distribution.applicationJars()) {
      String name = jar.getFileName().toString();
      Matcher variant = VARIANT.matcher(name);
      boolean needed =
          !variant.matches() || Optional.ofNullable(variant.group(2)).orElse("").equals(extension);
      if (needed) {
        jars.add(jar(name, jar, digests));
      }
    }
    digests.save();
    return jars;
  }

  private static Jar jar(String name, Path path, Digests digests) {
    try {
      var file = digests.of(name, path);
      return new Jar(name, path, file.bytes(), file.sha256());
    } catch (IOException e) {
      throw ZoneException.environment("Cannot read " + path + ": " + e.getMessage(), e);
    }
  }

  /** The platform whose native library is among the jars, with its variant; empty if none is. */
  public static String platform(List<Jar> jars) {
    for (Jar jar : jars) {
      Matcher variant = VARIANT.matcher(jar.name());
      if (variant.matches()) {
        return variant.group(1) + Optional.ofNullable(variant.group(2)).orElse("");
      }
    }
    return "";
  }
}
