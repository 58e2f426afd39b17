package dev.zone.datasets.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zone.conf.DatasetName;
import dev.zone.conf.error.Problems;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.NumberColumn;
import dev.zone.datasets.Table;
import dev.zone.datasets.format.Limits;
import dev.zone.datasets.format.TableReader;
import dev.zone.datasets.registry.FeedReport.Outcome;
import dev.zone.datasets.storage.S3Server;
import dev.zone.datasets.storage.Storage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The registry on an object store. {@code -Dzone.registry.kills=100} kills a writer at so many
 * moments, {@code -Dzone.registry.seed=N} at those of an earlier run.
 */
@Tag("clusters")
@Timeout(240)
class S3RegistryTest {
  private static final int PROCESSES = 3;
  private static final int FEEDS_EACH = 5;

  @TempDir private static Path folder;
  private static S3Server server;

  @BeforeAll
  static void start() throws Exception {
    server = S3Server.start(folder.resolve("s3"), "factory");
    // As a site configures it: a file of Hadoop's on the class path.
    String properties =
        server.properties().entrySet().stream()
            .map(
                each ->
                    "<property><name>%s</name><value>%s</value></property>"
                        .formatted(each.getKey(), each.getValue()))
            .collect(Collectors.joining("\n"));
    Files.writeString(
        Files.createDirectories(folder.resolve("conf")).resolve("core-site.xml"),
        "<configuration>" + properties + "</configuration>");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String root(String name) {
    return "s3a://factory/" + name;
  }

  private static Storage storage(String name) {
    return Storage.of(URI.create(root(name)), server.properties());
  }

  private static RegisteredDataset lots(Storage root) {
    return new Registry(root)
        .create(RegistryWriter.NAME, "name: chip/lots\n", "ada", Instant.now());
  }

  @Test
  void takesFeedsAndServesThemToWhoeverTrains() throws IOException {
    String yaml =
        """
        name: chip/rows
        title: t
        source: {format: delimited, files: [{path: '*.csv'}]}
        columns: {id: {}, x: {range: [0, 100]}}
        feed: {rejectedShare: 0.9, key: [id]}
        licence: l
        citation: c
        """;
    Problems problems = new Problems();
    try (Storage root = storage("rows")) {
      DatasetName name = DatasetName.parse("chip/rows");
      RegisteredDataset dataset = new Registry(root).create(name, yaml, "ada", Instant.now());
      assertThat(dataset.owner()).contains("ada");
      assertThatThrownBy(() -> new Registry(root).create(name, "name: x", "bob", Instant.now()))
          .isInstanceOf(ZoneException.class)
          .hasMessageContaining("is in the registry " + root.place("") + " already");
      Feeding feeding = new Feeding(dataset, dataset.spec(), Clock.systemUTC());
      Path monday = Files.writeString(folder.resolve("1.csv"), "id,x\n1,5\n2,600\n2,6\n");
      Path tuesday = Files.writeString(folder.resolve("2.csv"), "id,x\n2,7\n3,8\n");
      List<Outcome> outcomes = new ArrayList<>();
      for (Path file : List.of(monday, tuesday, monday)) {
        outcomes.add(feeding.feed(List.of(file), "ada", false, problems).orElseThrow().outcome());
      }
      assertThat(outcomes)
          .containsExactly(Outcome.COMMITTED, Outcome.COMMITTED, Outcome.FED_BEFORE);
      assertThat(problems.list()).isEmpty();
      assertThat(new Registry(root).names()).containsExactly(name);
      Version version = new Registry(root).open(name).newest().orElseThrow();
      assertThat(dataset.verify(version)).isEmpty();
      assertThat(version.feeds()).extracting(Feed::rejected).containsExactly(1L, 1L);

      Path copy = folder.resolve("copy");
      VersionCopy.to(copy, dataset, version);
      Table table =
          TableReader.read(
                  VersionSource.of(dataset.spec(), version), copy, Limits.DEFAULT, problems)
              .orElseThrow(() -> new AssertionError(problems.list()));
      assertThat(((NumberColumn) table.column("x").orElseThrow()).toArray())
          .containsExactly(5, 6, 8);
    }
  }

  @Test
  void takesFeedsOfManyProcessesAtOnce() throws Exception {
    try (Storage root = storage("many")) {
      RegisteredDataset dataset = lots(root);
      Path go = folder.resolve("go-many");
      List<Process> writers = new ArrayList<>();
      try {
        for (int i = 0; i < PROCESSES; i++) {
          writers.add(writer("many", i * FEEDS_EACH, FEEDS_EACH, go));
        }
        for (Process writer : writers) {
          assertThat(line(writer)).isEqualTo("ready");
        }
        Files.createFile(go);
        for (Process writer : writers) {
          assertThat(writer.waitFor(2, TimeUnit.MINUTES)).isTrue();
          assertThat(writer.exitValue()).isZero();
        }
      } finally {
        writers.forEach(Process::destroyForcibly);
      }
      int all = PROCESSES * FEEDS_EACH;
      Version newest = dataset.newest().orElseThrow();
      assertThat(dataset.numbers()).isEqualTo(IntStream.rangeClosed(1, all).boxed().toList());
      assertThat(keys(newest))
          .containsExactlyInAnyOrderElementsOf(
              IntStream.range(0, all).mapToObj(RegistryWriter::key).toList());
      assertThat(dataset.verify(newest)).isEmpty();
    }
  }

  @Test
  void opensCleanlyWheneverAWriterDied() throws Exception {
    long seed = Long.getLong("zone.registry.seed", System.nanoTime());
    System.out.println("Seed of the moments at which writers die: " + seed);
    Random random = new Random(seed);
    Path go = Files.createFile(folder.resolve("go-dying"));
    int next = 0;
    try (Storage root = storage("dying")) {
      lots(root);
      for (int kill = 0; kill < Integer.getInteger("zone.registry.kills", 5); kill++) {
        Process writer = writer("dying", next, 10_000, go);
        assertThat(line(writer)).isEqualTo("ready");
        LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(2_000_000)));
        writer.destroyForcibly().waitFor();

        RegisteredDataset opened = new Registry(root).open(RegistryWriter.NAME);
        int there = opened.newest().map(version -> version.feeds().size()).orElse(0);
        assertThat(opened.numbers()).hasSize(there);
        for (int number : opened.numbers().subList(Math.max(0, there - 2), there)) {
          assertThat(opened.verify(opened.version(number))).isEmpty();
        }
        // Whoever was interrupted feeds again, and each lot is there once.
        next = there;
        RegistryWriter.feed(opened, Math.max(0, there - 1));
        RegistryWriter.feed(opened, next);
        next++;
        Version newest = opened.newest().orElseThrow();
        assertThat(newest.feeds()).hasSize(next);
        assertThat(keys(newest)).doesNotHaveDuplicates();
      }
    }
  }

  private static List<String> keys(Version version) {
    return version.feeds().stream()
        .flatMap(feed -> feed.files().stream())
        .map(FedFile::sha256)
        .toList();
  }

  private static Process writer(String name, int first, int count, Path go) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            folder.resolve("conf") + System.getProperty("path.separator") + S3Server.classPath(),
            "-XX:TieredStopAtLevel=1",
            RegistryWriter.class.getName(),
            root(name),
            Integer.toString(first),
            Integer.toString(count),
            go.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static String line(Process process) throws IOException {
    return new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))
        .readLine();
  }
}
