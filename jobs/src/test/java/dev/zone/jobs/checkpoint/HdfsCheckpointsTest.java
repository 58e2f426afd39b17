package dev.zone.jobs.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.storage.Storage;
import dev.zone.jobs.checkpoint.Checkpoints.Newest;
import dev.zone.jobs.checkpoint.Publication.Outcome;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints on a real HDFS, whose NameNode dies in the middle. */
@Timeout(120)
class HdfsCheckpointsTest {
  private static final int LONGEST = 100;

  /** A client that does not wait for minutes for a NameNode that is gone. */
  private static final Map<String, String> IMPATIENT =
      Map.of(
          "ipc.client.connect.max.retries", "0",
          "ipc.client.connect.max.retries.on.timeouts", "0",
          "dfs.client.block.write.locateFollowingBlock.initial.delay.ms", "10");

  private static MiniDFSCluster cluster;
  private static int roots;

  @BeforeAll
  static void start(@TempDir Path folder) throws IOException {
    Configuration configuration = new Configuration();
    // The DataNode finds a NameNode that was started again without waiting long.
    configuration.set("dfs.heartbeat.interval", "1");
    configuration.set("ipc.client.connect.max.retries", "1");
    configuration.set("dfs.namenode.safemode.extension", "0");
    cluster = new MiniDFSCluster.Builder(configuration, folder.toFile()).numDataNodes(1).build();
    cluster.waitActive();
  }

  @AfterAll
  static void stop() {
    cluster.shutdown();
  }

  @Test
  void keepsTheNewestAndTheBest() throws IOException {
    try (Storage storage = open(++roots)) {
      Checkpoints checkpoints = new Checkpoints(storage, 2);
      assertThat(checkpoints.newestUsable(LONGEST)).isEqualTo(noneAtAll());
      for (int step : new int[] {10, 20, 30, 40, 50}) {
        write(checkpoints, Samples.at(step, Math.min(step, 20)));
      }
      assertThat(checkpoints.list())
          .containsExactly("step-00000050", "step-00000040", "step-00000020");
      assertThat(storage.list("")).hasSize(3);
      Newest newest = checkpoints.newestUsable(LONGEST);
      assertThat(newest.usable().orElseThrow().place())
          .isEqualTo(cluster.getURI() + "/zone/" + roots + "/step-00000050");
      Samples.requireEqual(
          checkpoints.read(newest.usable().get().name(), LONGEST), Samples.at(50, 20));
    }
  }

  @Test
  void usesTheOneBeforeADamagedOne() throws IOException {
    try (Storage storage = open(++roots)) {
      Checkpoints checkpoints = new Checkpoints(storage, 2);
      write(checkpoints, Samples.at(100));
      write(checkpoints, Samples.at(200));
      storage.deleteTree("step-00000200/best.f32");
      Newest newest = checkpoints.newestUsable(LONGEST);
      assertThat(newest.usable().orElseThrow().name()).isEqualTo("step-00000100");
      assertThat(newest.passedOver())
          .containsExactly(
              "Cannot use checkpoint: "
                  + storage.place("step-00000200")
                  + " (best.f32 is missing)");
    }
  }

  @Test
  void showsAReaderCompleteCheckpointsOnly() throws Exception {
    int root = ++roots;
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try (Storage storage = open(root);
        Storage readers = open(root)) {
      Checkpoints checkpoints = new Checkpoints(storage, 3);
      write(checkpoints, Samples.at(1));
      AtomicBoolean over = new AtomicBoolean();
      CountDownLatch begun = new CountDownLatch(1);
      Future<Integer> looks =
          threads.submit(
              () -> {
                begun.countDown();
                int count = 0;
                for (int last = 0; !over.get(); count++) {
                  Newest newest = new Checkpoints(readers, 3).newestUsable(LONGEST);
                  assertThat(newest.passedOver()).isEmpty();
                  int step = newest.usable().orElseThrow().position().step();
                  assertThat(step).isGreaterThanOrEqualTo(last);
                  last = step;
                }
                return count;
              });
      begun.await();
      for (int step = 2; step <= 7; step++) {
        write(checkpoints, Samples.at(step));
      }
      over.set(true);
      assertThat(looks.get()).isPositive();
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void doesNotKnowTheOutcomeIfTheNameNodeStopsWhileWriting() throws IOException {
    int root = ++roots;
    try (Storage storage = open(root)) {
      Checkpoints checkpoints = new Checkpoints(before(storage, "rename"), 1);
      write(new Checkpoints(storage, 1), Samples.at(100));
      Publication publication = checkpoints.write(Samples.at(200));
      assertThat(publication.outcome()).isEqualTo(Outcome.UNKNOWN);
      assertThat(publication.message())
          .startsWith("Cannot tell whether the checkpoint was written: " + publication.place());
      assertThatThrownBy(() -> checkpoints.newestUsable(LONGEST))
          .isInstanceOfSatisfying(
              ZoneException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.ENVIRONMENT))
          .hasMessageStartingWith("Cannot list checkpoints: " + storage.place("") + " (");
      restart();
      Newest newest = checkpoints.newestUsable(LONGEST);
      Samples.requireEqual(
          checkpoints.read(newest.usable().orElseThrow().name(), LONGEST), Samples.at(100));
      assertThat(newest.passedOver()).isEmpty();
      // Nothing was deleted; what is left over goes once a later one is done.
      assertThat(storage.list("")).hasSize(2);
      write(new Checkpoints(storage, 1), Samples.at(300));
      assertThat(storage.list("")).containsExactly("step-00000300");
    }
  }

  @Test
  void findsWhatWasPublishedInTheNameNodesLastMoment() throws IOException {
    try (Storage storage = open(++roots)) {
      Checkpoints checkpoints = new Checkpoints(after(storage, "rename"), 1);
      write(new Checkpoints(storage, 1), Samples.at(100));
      assertThat(checkpoints.write(Samples.at(200)).outcome()).isEqualTo(Outcome.UNKNOWN);
      restart();
      assertThat(checkpoints.list()).containsExactly("step-00000200", "step-00000100");
      Newest newest = checkpoints.newestUsable(LONGEST);
      Samples.requireEqual(
          checkpoints.read(newest.usable().orElseThrow().name(), LONGEST), Samples.at(200));
    }
  }

  @Test
  void failsIfNoDataNodeTakesTheBytes() throws IOException {
    try (Storage storage = open(++roots)) {
      Checkpoints checkpoints = new Checkpoints(storage, 1);
      write(checkpoints, Samples.at(100));
      MiniDFSCluster.DataNodeProperties node = cluster.stopDataNode(0);
      Publication publication = checkpoints.write(Samples.at(200));
      assertThat(publication.outcome()).isEqualTo(Outcome.FAILED);
      assertThat(storage.list("")).containsExactly("step-00000100");
      assertThat(cluster.restartDataNode(node)).isTrue();
      cluster.waitActive();
      write(checkpoints, Samples.at(200));
    }
  }

  private static void write(Checkpoints checkpoints, Checkpoint checkpoint) {
    Publication publication = checkpoints.write(checkpoint);
    assertThat(publication.outcome()).as(publication.message()).isEqualTo(Outcome.DONE);
    assertThat(publication.notes()).isEmpty();
  }

  private static Storage open(int root) {
    return Storage.of(URI.create(cluster.getURI() + "/zone/" + root), IMPATIENT);
  }

  private static Newest noneAtAll() {
    return new Newest(java.util.Optional.empty(), List.of());
  }

  private static void restart() throws IOException {
    cluster.restartNameNode(0, true);
  }

  /** The NameNode is gone before this is done. */
  private static Storage before(Storage storage, String method) {
    return stopping(storage, method, true);
  }

  /** The NameNode does this, and is gone before it has answered. */
  private static Storage after(Storage storage, String method) {
    return stopping(storage, method, false);
  }

  private static Storage stopping(Storage storage, String name, boolean before) {
    return (Storage)
        Proxy.newProxyInstance(
            Storage.class.getClassLoader(),
            new Class<?>[] {Storage.class},
            (proxy, method, arguments) -> {
              boolean stops = method.getName().equals(name);
              if (stops && before) {
                cluster.shutdownNameNode(0);
              }
              try {
                Object result = method.invoke(storage, arguments);
                if (stops) {
                  cluster.shutdownNameNode(0);
                  throw new IOException("Connection reset by peer");
                }
                return result;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
