package dev.zone.datasets.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zone.conf.DatasetName;
import dev.zone.conf.error.Problems;
import dev.zone.datasets.NumberColumn;
import dev.zone.datasets.format.Limits;
import dev.zone.datasets.registry.FeedReport.Outcome;
import dev.zone.datasets.storage.Storage;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A feed of a file to a registry on HDFS, where machines fail meanwhile. */
@Timeout(120)
class HdfsFeedTest {
  private static final int ROWS = 60_000;

  @TempDir private Path folder;

  @Test
  void losesNoRowWhenADataNodeDiesInTheMiddleOfAFile() throws IOException {
    StringBuilder text = new StringBuilder("x,y\n");
    for (int row = 0; row < ROWS; row++) {
      text.append(row).append(',').append(row % 7).append('\n');
    }
    Path file = Files.writeString(folder.resolve("lots.csv"), text);
    Configuration configuration = new Configuration();
    configuration.set("dfs.replication", "3");
    try (MiniDFSCluster cluster =
            new MiniDFSCluster.Builder(configuration, folder.resolve("hdfs").toFile())
                .numDataNodes(3)
                .build();
        Storage root =
            Storage.of(
                URI.create("hdfs://localhost:" + cluster.getNameNodePort() + "/registry"),
                Map.of())) {
      cluster.waitActive();
      RegisteredDataset dataset =
          new Registry(root)
              .create(
                  DatasetName.parse("chip/lots"),
                  """
                  name: chip/lots
                  title: t
                  source: {format: delimited, files: [{path: '*.csv'}]}
                  columns: {x: {}, y: {}}
                  licence: l
                  citation: c
                  """,
                  "ada",
                  Clock.systemUTC().instant());
      AtomicBoolean stopped = new AtomicBoolean();
      FeedProgress progress =
          (name, rows) -> {
            if (rows > ROWS / 3 && rows < ROWS && stopped.compareAndSet(false, true)) {
              cluster.stopDataNode(0);
            }
          };
      Problems problems = new Problems();
      FeedReport report =
          new Feeding(
                  dataset,
                  dataset.spec(),
                  Clock.systemUTC(),
                  progress,
                  FeedReading.here(Limits.DEFAULT.withChunkBytes(1 << 15)))
              .feed(List.of(file), "bob", false, problems)
              .orElseThrow(() -> new AssertionError(problems.list()));
      assertThat(stopped).isTrue();
      assertThat(report.outcome()).isEqualTo(Outcome.COMMITTED);

      Version version = dataset.newest().orElseThrow();
      assertThat(version.parts()).hasSizeGreaterThan(5);
      assertThat(dataset.verify(version)).isEmpty();
      long[] sums = new long[2];
      new PartTables(dataset, dataset.spec())
          .forEach(
              version.parts(),
              (part, table) -> {
                for (int row = 0; row < table.rows(); row++) {
                  sums[0]++;
                  sums[1] += (long) ((NumberColumn) table.columns().get("x")).value(row);
                }
              });
      assertThat(sums).containsExactly(ROWS, (long) ROWS * (ROWS - 1) / 2);
    }
  }
}
