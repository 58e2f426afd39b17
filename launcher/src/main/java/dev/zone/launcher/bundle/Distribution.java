package dev.zone.launcher.bundle;

import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.format.Digests;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An assembled Zone: the launcher's jars, the application's jars, a folder that serves as
 * SPARK_HOME, and the shipped files.
 *
 * @param home absolute folder
 * @param repository the source tree that it was built from and is run in, if any: its job and
 *     dataset files come before the distribution's copies
 * @param siteSpark the site's own SPARK_HOME, which is used in place of the distribution's
 */
public record Distribution(Path home, Optional<Path> repository, Optional<Path> siteSpark) {
  /** The application's main class, named and never loaded here. */
  public static final String APPLICATION = "dev.zone.jobs.spark.ZoneApplication";

  public Distribution {
    home = home.toAbsolutePath().normalize();
    repository = repository.map(path -> path.toAbsolutePath().normalize());
    siteSpark = siteSpark.map(path -> path.toAbsolutePath().normalize());
  }

  /** With its own Spark. */
  public Distribution(Path home, Optional<Path> repository) {
    this(home, repository, Optional.empty());
  }

  /**
   * The same with the site's Spark, if it has one.
   *
   * @param sparkHome as a zone file says it
   */
  public Distribution with(Optional<String> sparkHome) {
    return new Distribution(home, repository, sparkHome.map(Path::of));
  }

  /**
   * The distribution that this JVM was started from, by the system properties {@code zone.home} and
   * {@code zone.repository} that the start script sets.
   */
  public static Distribution ofThisJvm() {
    String home = System.getProperty("zone.home", "");
    if (home.isEmpty()) {
      throw new ZoneException(
          ErrorKind.ENVIRONMENT,
          "Cannot find the distribution: the system property zone.home is not set (expected a start"
              + " by the script zone)");
    }
    return new Distribution(
        Path.of(home),
        Optional.ofNullable(System.getProperty("zone.repository"))
            .filter(path -> !path.isEmpty())
            .map(Path::of));
  }

  /** Serves as SPARK_HOME. */
  public Path spark() {
    return siteSpark.orElse(home.resolve("spark"));
  }

  /**
   * The application's own jar.
   *
   * @throws ZoneException of the environment if the distribution is damaged
   */
  public Path applicationJar() {
    return applicationJars().stream()
        .filter(jar -> jar.getFileName().toString().startsWith("zone-jobs-"))
        .findFirst()
        .orElseThrow(() -> damaged(home.resolve("lib/jobs/zone-jobs-*.jar")));
  }

  /** All jars of the application apart from Spark's, in order of their names. */
  public List<Path> applicationJars() {
    return jars(home.resolve("lib/jobs"));
  }

  /**
   * Jars of ND4J's CUDA backend, in order of their names; none if they were not fetched. They are
   * no part of the build.
   */
  public List<Path> cudaJars() {
    return Stream.concat(
            Stream.of(home.resolve("lib/cuda")),
            repository.stream().map(path -> path.resolve(".zone/cuda")))
        .filter(Files::isDirectory)
        .findFirst()
        .map(Distribution::jarsIn)
        .orElseGet(List::of);
  }

  /**
   * Jars that an administrator put there, such as the client of an object store, in order of their
   * names; mostly none. They are no part of the build.
   */
  public List<Path> extraJars() {
    return extras().stream().flatMap(folder -> jarsIn(folder).stream()).toList();
  }

  private List<Path> extras() {
    return Stream.concat(
            Stream.of(home.resolve("lib/extra")),
            repository.stream().map(path -> path.resolve(".zone/extra")))
        .filter(Files::isDirectory)
        .toList();
  }

  /** Spark's jars, in order of their names. */
  public List<Path> sparkJars() {
    return jars(spark().resolve("jars"));
  }

  /** SHA-256 over names and sizes of Spark's jars, which are immutable releases. */
  String sparkDigest() {
    try {
      MessageDigest digest = Digests.sha256();
      for (Path jar : sparkJars()) {
        addNameAndSize(jar, digest);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException e) {
      throw ZoneException.environment("Cannot read the jars of " + home + ": " + e.getMessage(), e);
    }
  }

  /** Where descriptors and job files are shipped: the repository first, then the distribution. */
  public List<Path> roots() {
    return Stream.concat(repository.stream(), Stream.of(home)).toList();
  }

  /**
   * The driver's class path, for {@code java -cp}: Spark's jars before the application's, those of
   * the administrator last.
   */
  public String classPath() {
    if (sparkJars().isEmpty()) {
      throw damaged(spark().resolve("jars/*.jar"));
    }
    return Stream.concat(
            Stream.of(spark().resolve("jars"), home.resolve("lib/jobs")), extras().stream())
        .map(folder -> folder + File.separator + "*")
        .collect(Collectors.joining(File.pathSeparator));
  }

  /**
   * The archive of classes that a driver with exactly {@link #classPath()} starts fast with; none
   * with the site's own Spark, or where the build could not make one.
   */
  public Optional<Path> classArchive() {
    return Optional.of(home.resolve("lib/application.jsa"))
        .filter(archive -> siteSpark.isEmpty() && Files.isReadable(archive));
  }

  /**
   * SHA-256 over names and sizes of all jars on the application's class path, and over the contents
   * of our own; the others are immutable releases.
   */
  public String classPathDigest() {
    try {
      MessageDigest digest = Digests.sha256();
      for (Path folder : List.of(spark().resolve("jars"), home.resolve("lib/jobs"))) {
        for (Path jar : jars(folder)) {
          addNameAndSize(jar, digest);
          String name = jar.getFileName().toString();
          if (name.startsWith("zone-") || name.startsWith("dev.zone.")) {
            digest.update(Files.readAllBytes(jar));
          }
        }
      }
      for (Path jar : extraJars()) {
        addNameAndSize(jar, digest);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException e) {
      throw ZoneException.environment("Cannot read the jars of " + home + ": " + e.getMessage(), e);
    }
  }

  private static void addNameAndSize(Path jar, MessageDigest digest) throws IOException {
    String line = jar.getFileName() + "\0" + Files.size(jar) + "\0";
    digest.update(line.getBytes(StandardCharsets.UTF_8));
  }

  private List<Path> jars(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw damaged(folder);
    }
    return jarsIn(folder);
  }

  /** Jars of a folder, in order of their names. */
  static List<Path> jarsIn(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    } catch (IOException | UncheckedIOException e) {
      throw ZoneException.environment("Cannot list " + folder + ": " + e.getMessage(), e);
    }
  }

  private static ZoneException damaged(Path missing) {
    return new ZoneException(
        ErrorKind.ENVIRONMENT,
        "Cannot find a part of the distribution: "
            + missing
            + " (expected one built by the script"
            + " zone, or by 'mvn package')");
  }
}
