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
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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
      writers("many").feedAtOnce(PROCESSES, FEEDS_EACH, folder.resolve("go-many"));
      int all = PROCESSES * FEEDS_EACH;
      Version newest = dataset.newest().orElseThrow();
      assertThat(dataset.numbers()).isEqualTo(IntStream.rangeClosed(1, all).boxed().toList());
      assertThat(WriterProcesses.keys(newest))
          .containsExactlyInAnyOrderElementsOf(
              IntStream.range(0, all).mapToObj(RegistryWriter::key).toList());
      assertThat(dataset.verify(newest)).isEmpty();
    }
  }

  @Test
  void opensCleanlyWheneverAWriterDied() throws Exception {
    try (Storage root = storage("dying")) {
      lots(root);
      writers("dying")
          .assertCleanAfterEachDeath(new Registry(root), 5, 2_000_000, folder.resolve("go-dying"));
    }
  }

  private static WriterProcesses writers(String name) {
    String separator = System.getProperty("path.separator");
    return new WriterProcesses(
        root(name), folder.resolve("conf") + separator + S3Server.classPath());
  }
}
