package dev.zone.launcher.bundle;

import dev.zone.conf.CentreSpec.CudaLibraries;
import dev.zone.conf.PlanSpec;
import dev.zone.conf.PlanSpec.Device;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.format.Digests;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * The jars that an application needs on a cluster, apart from Spark's: no more than the backend's.
 */
public final class ApplicationJars {
  /** Builds of ND4J's native library beside the plain one. */
  private static final Pattern VARIANT =
      Pattern.compile(
          "org\\.nd4j\\.nd4j-native-[0-9].*-((?:linux|windows|macosx)-[a-z0-9_]+)(-.+)?\\.jar");

  /** Of Deeplearning4j and ND4J, and what these alone need. */
  private static final Pattern TRAINING =
      Pattern.compile("org\\.(nd4j|deeplearning4j|bytedeco)\\..*");

  /** The archive's name in a centre's storage. */
  public static final String SPARK = "spark.zip";

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
   * @param libraries whose CUDA libraries a plan for GPUs is to load
   * @throws ZoneException of the environment if they cannot be read, or if those of GPUs are needed
   *     and not there
   */
  public List<Jar> of(PlanSpec plan, CudaLibraries libraries) {
    return digested(paths(plan, libraries));
  }

  /** As {@link #of}, where nobody asks for digests. */
  public List<Path> paths(PlanSpec plan, CudaLibraries libraries) {
    List<Path> all = new ArrayList<>();
    for (Path jar : distribution.applicationJars()) {
      Matcher variant = VARIANT.matcher(jar.getFileName().toString());
      String extension = variant.matches() ? variant.group(2) : null;
      if (!variant.matches()
          || Optional.ofNullable(extension).orElse("").equals(plan.backend().extension())) {
        all.add(jar);
      }
    }
    all.addAll(cuda(plan, libraries));
    all.addAll(distribution.extraJars());
    return all;
  }

  /** The jars that executors need which read data and train nothing. */
  public List<Path> ofFeeds() {
    return Stream.concat(
            distribution.applicationJars().stream()
                .filter(jar -> !TRAINING.matcher(jar.getFileName().toString()).matches()),
            distribution.extraJars().stream())
        .toList();
  }

  /** As {@link #ofFeeds}, with digests. */
  public List<Jar> digestedOfFeeds() {
    return digested(ofFeeds());
  }

  /** Those of the application's jars whose names begin with one of these. */
  public List<Jar> named(String... beginnings) {
    List<Path> all =
        distribution.applicationJars().stream()
            .filter(
                jar ->
                    Arrays.stream(beginnings)
                        .anyMatch(one -> jar.getFileName().toString().startsWith(one)))
            .toList();
    return digested(all);
  }

  /**
   * The jars that a plan for GPUs needs besides those of all plans; none for other plans, and none
   * if there are none and its workers may train on CPUs.
   *
   * @throws ZoneException of the environment if they are needed and not there
   */
  public List<Path> cuda(PlanSpec plan, CudaLibraries libraries) {
    if (plan.backend().device() != Device.CUDA) {
      return List.of();
    }
    List<Path> jars = distribution.cudaJars();
    boolean bundled = libraries == CudaLibraries.BUNDLED;
    boolean there =
        !jars.isEmpty() && (!bundled || jars.stream().anyMatch(ApplicationJars::isNvidias));
    if (!there && plan.job().resources().cpuFallback()) {
      return List.of();
    }
    if (!there) {
      throw ZoneException.environment(
          "Cannot package %s for GPUs: %s (expected %s; docs/clusters.md says how to fetch them)"
              .formatted(
                  plan.job().name(),
                  jars.isEmpty()
                      ? "this distribution has no CUDA backend"
                      : "this distribution has none of NVIDIA's libraries, and the centre's cudaLibraries is bundled",
                  jars.isEmpty() ? "ND4J's CUDA jars" : "them, or cudaLibraries: site"),
          null);
    }
    return jars.stream().filter(jar -> bundled || !isNvidias(jar)).toList();
  }

  /** Whether a jar holds NVIDIA's own libraries. */
  private static boolean isNvidias(Path jar) {
    return jar.getFileName().toString().endsWith("-redist.jar");
  }

  private List<Jar> digested(List<Path> all) {
    Digests digests = cache.map(Digests::cachedIn).orElseGet(Digests::uncached);
    List<Jar> jars = new ArrayList<>();
    for (Path jar : all) {
      jars.add(jar(jar.getFileName().toString(), jar, digests));
    }
    digests.save();
    jars.sort(Comparator.comparing(Jar::name));
    return jars;
  }

  /**
   * Spark's own jars in one archive, which YARN's machines fetch once. It is made once a
   * distribution and kept in the cache; the same jars make the same bytes.
   *
   * @throws ZoneException of the environment if it cannot be made
   */
  public Jar sparkArchive() {
    Path folder = cache.orElse(Path.of(System.getProperty("java.io.tmpdir"))).resolve("spark");
    Path archive = folder.resolve("spark-" + distribution.sparkDigest() + ".zip");
    try {
      if (!Files.isRegularFile(archive)) {
        Files.createDirectories(folder);
        Path begun = Files.createTempFile(folder, ".spark-", ".zip");
        write(distribution.sparkJars(), begun);
        Files.move(begun, archive, StandardCopyOption.ATOMIC_MOVE);
      }
    } catch (IOException e) {
      throw ZoneException.environment("Cannot write %s: %s".formatted(archive, e.getMessage()), e);
    }
    Digests digests = cache.map(Digests::cachedIn).orElseGet(Digests::uncached);
    Jar jar = jar(SPARK, archive, digests);
    digests.save();
    return jar;
  }

  /** Jars are compressed already; the time of an entry is no content. */
  private static void write(List<Path> jars, Path archive) throws IOException {
    try (ZipOutputStream zip =
        new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(archive), 1 << 16))) {
      zip.setLevel(Deflater.NO_COMPRESSION);
      for (Path jar : jars) {
        ZipEntry entry = new ZipEntry(jar.getFileName().toString());
        entry.setTimeLocal(LocalDateTime.of(1980, 1, 1, 0, 0));
        zip.putNextEntry(entry);
        Files.copy(jar, zip);
        zip.closeEntry();
      }
    }
  }

  private static Jar jar(String name, Path path, Digests digests) {
    try {
      var file = digests.of(name, path);
      return new Jar(name, path, file.bytes(), file.sha256());
    } catch (IOException e) {
      throw ZoneException.environment("Cannot read " + path + ": " + e.getMessage(), e);
    }
  }

  /** What computes: {@code cuda} if its backend is among the jars, else {@code native}. */
  public static String backend(List<Jar> jars) {
    return jars.stream().anyMatch(jar -> jar.name().startsWith("org.nd4j.nd4j-cuda-"))
        ? "cuda"
        : "native";
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
