package dev.zone.launcher.bundle;

import dev.zone.conf.error.Problems;
import dev.zone.conf.error.ZoneException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Whether the application's jars and a site's own Spark can share a class path. */
public final class ClassPathCheck {
  private static final Pattern SPARK_CORE =
      Pattern.compile("(?:org\\.apache\\.spark\\.)?spark-core_([0-9.]+)-([0-9][^/]*)\\.jar");

  private ClassPathCheck() {}

  /**
   * Adds a problem if the Spark is of another minor version or another Scala, and one for each two
   * jars that hold different classes of one name. Classes that differ from those of Zone's own
   * Spark too do no harm: with that one the application is tested.
   *
   * @param sparkHome whose {@code jars/} are on the class path before the application's
   * @param distribution with the application's jars and its own Spark
   * @param where the place that names it
   * @param versions that the application was built with
   */
  public static void check(
      Path sparkHome,
      Distribution distribution,
      Versions versions,
      String where,
      Problems problems) {
    List<Path> spark = Distribution.jarsIn(sparkHome.resolve("jars"));
    checkVersions(sparkHome, spark, versions, where, problems);
    Map<String, Map.Entry<Path, Long>> classes = classes(spark);
    Map<String, Map.Entry<Path, Long>> tested = classes(distribution.sparkJars());
    for (Path jar : distribution.applicationJars()) {
      Map<String, List<String>> differing = new TreeMap<>();
      entries(jar)
          .forEach(
              (name, crc) -> {
                Map.Entry<Path, Long> other = classes.get(name);
                if (differs(crc, other) && !differs(crc, tested.get(name))) {
                  differing
                      .computeIfAbsent(
                          other.getKey().getFileName().toString(), any -> new ArrayList<>())
                      .add(name);
                }
              });
      differing.forEach(
          (other, names) -> problems.add(where, conflict(jar, other, sparkHome, names)));
    }
  }

  private static boolean differs(long crc, Map.Entry<Path, Long> other) {
    return other != null && other.getValue() != crc;
  }

  /** The classes of a class path, each with the jar that it comes from. */
  private static Map<String, Map.Entry<Path, Long>> classes(List<Path> jars) {
    Map<String, Map.Entry<Path, Long>> classes = new HashMap<>();
    for (Path jar : jars) {
      entries(jar).forEach((name, crc) -> classes.putIfAbsent(name, Map.entry(jar, crc)));
    }
    return classes;
  }

  private static String conflict(Path jar, String other, Path sparkHome, List<String> names) {
    Collections.sort(names);
    String one = names.get(0).replace('/', '.').replaceAll("\\.class$", "");
    return "Cannot put %s beside %s of %s: %d classes differ, such as %s (expected each class once)"
        .formatted(jar.getFileName(), other, sparkHome, names.size(), one);
  }

  private static void checkVersions(
      Path home, List<Path> jars, Versions versions, String where, Problems problems) {
    for (Path jar : jars) {
      Matcher core = SPARK_CORE.matcher(jar.getFileName().toString());
      if (core.matches()) {
        boolean same =
            core.group(1).equals(Versions.SCALA)
                && Versions.minor(core.group(2)).equals(Versions.minor(versions.spark()));
        if (!same) {
          problems.add(
              where,
              "Cannot use %s: Spark %s for Scala %s (expected Spark %s.x for Scala %s)"
                  .formatted(
                      home,
                      core.group(2),
                      core.group(1),
                      Versions.minor(versions.spark()),
                      Versions.SCALA));
        }
        return;
      }
    }
    problems.add(
        where, "Cannot use %s: no jars/spark-core_*.jar (expected a Spark)".formatted(home));
  }

  /** Classes of a jar with the checksums of their bytes. */
  private static Map<String, Long> entries(Path jar) {
    Map<String, Long> entries = new HashMap<>();
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      for (ZipEntry entry : Collections.list(zip.entries())) {
        String name = entry.getName();
        if (name.endsWith(".class")
            && !name.startsWith("META-INF/")
            && !name.endsWith("module-info.class")
            && !name.endsWith("package-info.class")) {
          entries.put(name, entry.getCrc());
        }
      }
      return entries;
    } catch (IOException e) {
      throw ZoneException.environment("Cannot read " + jar + ": " + e.getMessage(), e);
    }
  }
}
