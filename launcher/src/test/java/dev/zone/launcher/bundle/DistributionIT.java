package dev.zone.launcher.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.zone.conf.CpuFeatures;
import dev.zone.launcher.bundle.ZoneProcess.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The assembled distribution, as a user starts it. */
@Timeout(300)
class DistributionIT {
  private static final Pattern JAR =
      Pattern.compile(
          "(?<artifact>.+?)-(?<version>\\d.*?)(?<classifier>-(linux|osx|macosx).*)?\\.jar");

  /** What ND4J has too, and frees too early with. */
  private static final String FREEING =
      "org/nd4j/linalg/api/memory/deallocation/DeallocatorService.class";

  private final Path distribution = Path.of(System.getProperty("zone.distribution"));
  @TempDir private Path folder;

  private Ended zone(Path script, Path from, String... arguments)
      throws IOException, InterruptedException {
    return new ZoneProcess(folder).run(script, from, Duration.ofMinutes(4), List.of(arguments));
  }

  private Path script() {
    return distribution.resolve("bin").resolve("zone");
  }

  private static List<String> jars(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void holdsNothingTwiceThatTheApplicationHasInPlaceOfAnothers() throws IOException {
    List<String> holders = new ArrayList<>();
    for (String jar : jars(distribution.resolve("lib/jobs"))) {
      try (JarFile file = new JarFile(distribution.resolve("lib/jobs").resolve(jar).toFile())) {
        if (file.getEntry(FREEING) != null) {
          holders.add(jar);
        }
      }
    }
    assertThat(holders).singleElement().asString().startsWith("zone-jobs-");
  }

  @Test
  void holdsEveryArtifactOfTheApplicationInOneVersion() throws IOException {
    Map<String, Set<String>> versions = new TreeMap<>();
    List<String> jars = new ArrayList<>(jars(distribution.resolve("spark/jars")));
    jars.addAll(jars(distribution.resolve("lib/jobs")));

    assertThat(jars).doesNotHaveDuplicates().hasSizeGreaterThan(100);
    for (String jar : jars) {
      Matcher matcher = JAR.matcher(jar);
      assertThat(matcher.matches()).as(jar).isTrue();
      versions
          .computeIfAbsent(matcher.group("artifact"), artifact -> new TreeSet<>())
          .add(matcher.group("version"));
    }
    versions.values().removeIf(several -> several.size() == 1);
    assertThat(versions)
        .as("pin one version in the root pom (and 'mvn clean', which takes what was copied before)")
        .isEmpty();
  }

  @Test
  void holdsWhatSparkSpeaksToKubernetesWith() throws IOException {
    assertThat(jars(distribution.resolve("spark/jars")))
        .anyMatch(jar -> jar.startsWith("io.fabric8.kubernetes-httpclient-vertx-"));
  }

  @Test
  void keepsSparkAndDeeplearning4jAwayFromTheLauncher() throws IOException {
    assertThat(jars(distribution.resolve("lib/launcher")))
        .isNotEmpty()
        .noneMatch(
            jar -> jar.matches(".*(spark|scala|hadoop-client|nd4j|deeplearning4j|zone-jobs).*"));
  }

  @Test
  void startsThroughALinkFromAFolderWithABlankInItsName() throws Exception {
    Path place = Files.createDirectories(folder.resolve("a place"));
    Path link = Files.createSymbolicLink(place.resolve("z"), script());

    Ended ended = zone(link, place, "version");
    Files.delete(link);

    assertThat(ended.err()).isEmpty();
    assertThat(ended.exitCode()).isZero();
    assertThat(ended.out()).startsWith("zone ").contains("Spark 4.").contains("Deeplearning4j 1.");
  }

  @Test
  void makesTheArchivesOfClassesThatAStartIsFastWith() throws Exception {
    Ended ended =
        new ZoneProcess(folder, Map.of("ZONE_ARCHIVES_TO", folder.toString())).run("self-check");
    assertThat(ended.exitCode()).as(ended.err()).isZero();
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("launcher.jsa", "application.jsa");
    }
  }

  @Test
  void theApplicationTakesItsClassesFromTheArchive() throws Exception {
    Path job = distribution.resolve("jobs/chip/demo.yaml");
    Path loaded = Files.createDirectories(folder.resolve("loaded"));

    Ended ended =
        new ZoneProcess(
                folder,
                Map.of("JAVA_TOOL_OPTIONS", "-Xlog:class+load:file=" + loaded + "/%p.log:none"))
            .run("run", job.toString(), "--set", "training.epochs=1");

    assertThat(ended.exitCode()).as(ended.err()).isZero();
    assertThat(ended.out()).containsPattern("computing: .*, 1 thread, ");
    Set<String> origins = new HashSet<>();
    try (Stream<Path> logs = Files.list(loaded)) {
      for (Path log : logs.toList()) {
        try (Stream<String> lines = Files.lines(log)) {
          lines
              .filter(
                  line ->
                      line.startsWith("org.apache.spark.SparkContext ")
                          || line.startsWith("org.nd4j.linalg.factory.Nd4j ")
                          || line.startsWith("dev.zone.jobs.training.RankTraining "))
              .forEach(origins::add);
        }
      }
    }
    assertThat(origins)
        .hasSize(3)
        .allSatisfy(line -> assertThat(line).contains("source: shared objects file"));
  }

  @Test
  void readsEveryShippedJob() throws Exception {
    Ended ended = zone(script(), folder, "self-check");

    assertThat(ended.err()).isEmpty();
    assertThat(ended.exitCode()).isZero();
    assertThat(ended.out()).contains("11 job files, 0 problems");
  }

  @Test
  void trainsTheDemoEndToEnd() throws Exception {
    Path job = distribution.resolve("jobs/chip/demo.yaml");

    Ended ended =
        zone(script(), folder, "run", job.toString(), "--set", "training.epochs=2", "-o", "json");

    assertThat(ended.err()).isEmpty();
    assertThat(ended.exitCode()).isZero();
    JsonObject result = JsonParser.parseString(ended.out()).getAsJsonObject();
    assertThat(result.get("state").getAsString()).isEqualTo("SUCCEEDED");
    assertThat(result.get("workers").getAsInt()).isEqualTo(2);
    assertThat(result.get("epochs").getAsInt()).isEqualTo(2);
    assertThat(result.getAsJsonObject("dataset").get("generated").getAsBoolean()).isTrue();
    JsonObject test = result.getAsJsonObject("metrics").getAsJsonObject("test");
    assertThat(test.get("accuracy").getAsDouble()).isGreaterThan(0.4);
    Path run = Path.of(result.get("dir").getAsString());
    assertThat(run.getParent()).isEqualTo(folder.resolve("runs").toRealPath());
    assertThat(run)
        .isDirectoryContaining("glob:**/plan.yaml")
        .isDirectoryContaining("glob:**/report.html")
        .isDirectoryContaining("glob:**/provenance.json")
        .isDirectoryContaining("glob:**/evaluation.json");
    assertThat(run.resolve("model/model.zip")).isNotEmptyFile();
    assertThat(run.resolve("model/transforms.json")).isNotEmptyFile();
    assertThat(jars(folder.resolve("runs"))).containsExactly(run.getFileName().toString());
    JsonObject provenance =
        JsonParser.parseString(Files.readString(run.resolve("provenance.json"))).getAsJsonObject();
    String extension = CpuFeatures.detect().nativeExtension();
    assertThat(provenance.get("nativeLibrary").getAsString()).isEqualTo(extension);
    assertThat(provenance.get("oneDnn").getAsBoolean()).isEqualTo(!extension.isEmpty());
    assertThat(provenance.get("ompThreadsPerWorker").getAsInt()).isEqualTo(1);
    assertThat(provenance.get("engine").getAsString()).isEqualTo("onednn");
  }

  @Test
  void validatesTheDemo() throws Exception {
    Path job = distribution.resolve("jobs/chip/demo.yaml");

    Ended ended = zone(script(), folder, "validate", job.toString(), "-o", "json");

    assertThat(ended.err()).isEmpty();
    assertThat(ended.exitCode()).isZero();
    JsonObject check = JsonParser.parseString(ended.out()).getAsJsonObject();
    assertThat(check.get("parameters").getAsLong()).isPositive();
    assertThat(check.get("stepsPerEpoch").getAsInt()).isPositive();
    assertThat(check.get("engine").getAsString()).startsWith("onednn (all ");
    assertThat(check.get("graph").getAsString()).startsWith("%0 = input 0 -> ");
  }
}
