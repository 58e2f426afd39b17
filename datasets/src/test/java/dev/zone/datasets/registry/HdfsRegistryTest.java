package dev.zone.datasets.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zone.conf.DatasetSpec;
import dev.zone.conf.error.Problems;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.NumberColumn;
import dev.zone.datasets.Table;
import dev.zone.datasets.format.Limits;
import dev.zone.datasets.format.TableReader;
import dev.zone.datasets.registry.FeedReport.Outcome;
import dev.zone.datasets.storage.Storage;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The registry on a real HDFS of three DataNodes. */
@Timeout(120)
class HdfsRegistryTest {
  private static final int THREADS = 4;
  private static final int FEEDS_EACH = 3;
  private static final int PIECE = 1 << 20;
  private static final int PIECES = 12;

  @TempDir private static Path folder;
  private static MiniDFSCluster cluster;

  @BeforeAll
  static void start() throws IOException {
    Configuration configuration = new Configuration();
    configuration.set("dfs.replication", "3");
    cluster = new MiniDFSCluster.Builder(configuration, folder.toFile()).numDataNodes(3).build();
    cluster.waitActive();
  }

  @AfterAll
  static void stop() {
    cluster.shutdown();
  }

  private static Storage storage(String name) {
    return Storage.of(
        URI.create("hdfs://localhost:" + cluster.getNameNodePort() + "/" + name), Map.of());
  }

  @Test
  void takesFeedsOfManyAtOnce() throws Exception {
    try (Storage root = storage("many")) {
      new Registry(root).create(RegistryWriter.NAME, "name: chip/lots\n", "ada", Instant.now());
      ExecutorService threads = Executors.newFixedThreadPool(THREADS);
      try {
        List<Future<?>> feeds = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
          int first = thread * FEEDS_EACH;
          feeds.add(
              threads.submit(
                  () -> {
                    // A client of its own, as each machine has.
                    try (Storage own = storage("many")) {
                      RegisteredDataset dataset = new Registry(own).open(RegistryWriter.NAME);
                      for (int lot = first; lot < first + FEEDS_EACH; lot++) {
                        RegistryWriter.feed(dataset, lot);
                      }
                    }
                    return null;
                  }));
        }
        for (Future<?> feed : feeds) {
          feed.get();
        }
      } finally {
        threads.shutdownNow();
      }
      RegisteredDataset dataset = new Registry(root).open(RegistryWriter.NAME);
      Version newest = dataset.newest().orElseThrow();
      assertThat(dataset.numbers()).hasSize(THREADS * FEEDS_EACH);
      assertThat(newest.rows()).isEqualTo(THREADS * FEEDS_EACH);
      assertThat(dataset.verify(newest)).isEmpty();
    }
  }

  @Test
  void readsWhatItHasAgainForKeysAndForWhoeverTrains() throws IOException {
    String yaml =
        """
        name: chip/lots
        title: t
        source: {format: delimited, files: [{path: '*.csv'}]}
        columns: {id: {}, x: {}}
        feed: {rejectedShare: 0.9, key: [id]}
        licence: l
        citation: c
        """;
    Problems problems = new Problems();
    try (Storage root = storage("keys")) {
      RegisteredDataset dataset =
          new Registry(root).create(RegistryWriter.NAME, yaml, "ada", Instant.now());
      DatasetSpec descriptor = dataset.spec();
      for (String rows : List.of("1,5\n2,6\n", "2,7\n3,8\n")) {
        Path file = folder.resolve("rows" + rows.length() + rows.charAt(0) + ".csv");
        Files.writeString(file, "id,x\n" + rows);
        new Feeding(dataset, descriptor, Clock.systemUTC())
            .feed(List.of(file), "ada", false, problems);
      }
      assertThat(problems.list()).isEmpty();
      Version version = dataset.newest().orElseThrow();
      assertThat(version.rows()).isEqualTo(3);

      Path copy = folder.resolve("copy");
      VersionCopy.to(copy, dataset, version);
      VersionCopy.to(copy, dataset, version);
      Table table =
          TableReader.read(VersionSource.of(descriptor, version), copy, Limits.DEFAULT, problems)
              .orElseThrow(() -> new AssertionError(problems.list()));
      assertThat(((NumberColumn) table.column("x").orElseThrow()).toArray())
          .containsExactly(5, 6, 8);

      Part part = version.parts().get(0);
      root.below(RegistryWriter.NAME.path()).replace(part.path(), new byte[(int) part.bytes()]);
      Files.delete(copy.resolve(part.path()));
      assertThatThrownBy(() -> VersionCopy.to(copy, dataset, version))
          .isInstanceOf(ZoneException.class)
          .hasMessageContaining("it was changed since it was written");
      assertThat(copy.resolve(part.path()).getParent()).isEmptyDirectory();
    }
  }

  @Test
  void knowsWhatMayMisleadAndWhatWasRefused() throws IOException {
    String yaml =
        """
        name: chip/lots
        title: t
        source: {format: delimited, files: [{path: '*.csv'}]}
        columns: {x: {range: [0, 100000]}, same: {}}
        licence: l
        citation: c
        """;
    Problems problems = new Problems();
    try (Storage root = storage("told")) {
      RegisteredDataset dataset =
          new Registry(root).create(RegistryWriter.NAME, yaml, "ada", Instant.now());
      DatasetSpec descriptor = dataset.spec();
      Feeding feeding = new Feeding(dataset, descriptor, Clock.systemUTC());
      for (int day = 0; day < 2; day++) {
        StringBuilder rows = new StringBuilder("x,same\n");
        for (int i = 0; i < 500; i++) {
          rows.append(1000 * day + i).append(",7\n");
        }
        Path file = Files.writeString(folder.resolve("day" + day + ".csv"), rows);
        feeding.feed(List.of(file), "ada", false, problems);
      }
      assertThat(VersionFindings.of(dataset, descriptor, dataset.newest().orElseThrow()))
          .extracting(finding -> finding.check())
          .containsExactly("drift", "constant-columns");
      Path bad = Files.writeString(folder.resolve("bad.csv"), "x,same\n-1,7\n");
      for (Outcome outcome : List.of(Outcome.REFUSED, Outcome.REFUSED_BEFORE)) {
        assertThat(feeding.passingRefused().feed(List.of(bad), "ada", false, problems))
            .map(FeedReport::outcome)
            .contains(outcome);
      }
      assertThat(problems.list()).isEmpty();
    }
  }

  @Test
  void goesOnWhenADataNodeDiesInTheMiddleOfAFeed() throws IOException {
    try (Storage root = storage("dying")) {
      RegisteredDataset dataset =
          new Registry(root).create(RegistryWriter.NAME, "name: chip/lots\n", "ada", Instant.now());
      RegistryWriter.feed(dataset, 1);
      FeedWriter writer = dataset.begin(Instant.now());
      byte[] piece = new byte[PIECE];
      new Random(3).nextBytes(piece);
      Part part =
          writer.part(
              0,
              1,
              Optional.empty(),
              "csv",
              out -> {
                for (int i = 0; i < PIECES; i++) {
                  if (i == PIECES / 2) {
                    cluster.stopDataNode(0);
                  }
                  out.write(piece);
                }
              });
      writer.end(new FedFile("big.csv", RegistryWriter.key(2), 1, 0), List.of(part));
      Feed feed = dataset.commit(writer, "bob", Instant.now());
      assertThat(feed.version()).isEqualTo(2);
      Version version = dataset.newest().orElseThrow();
      assertThat(version.bytes()).isGreaterThan((long) PIECE * PIECES);
      assertThat(dataset.verify(version)).isEmpty();
    }
  }
}
