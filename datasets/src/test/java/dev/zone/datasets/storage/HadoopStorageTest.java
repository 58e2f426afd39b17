package dev.zone.datasets.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a real HDFS: a NameNode and two DataNodes in this JVM. */
class HadoopStorageTest extends StorageContract {
  /** Between asking the NameNode whether a file's last block has arrived. */
  private static final Map<String, String> QUICK =
      Map.of("dfs.client.block.write.locateFollowingBlock.initial.delay.ms", "10");

  private static MiniDFSCluster cluster;
  private static int roots;

  @BeforeAll
  static void start(@TempDir Path folder) throws IOException {
    Configuration configuration = new Configuration();
    cluster = new MiniDFSCluster.Builder(configuration, folder.toFile()).numDataNodes(2).build();
    cluster.waitActive();
  }

  @AfterAll
  static void stop() {
    cluster.shutdown();
  }

  @Override
  Storage fresh() {
    roots++;
    return Storage.of(URI.create(cluster.getURI() + "/zone/run-" + roots), QUICK);
  }

  @Test
  void saysWhereItIs() throws IOException {
    try (Storage storage = Storage.of(URI.create(cluster.getURI() + "/zone/x"), Map.of())) {
      assertThat(storage.place("a/b")).isEqualTo(cluster.getURI() + "/zone/x/a/b");
    }
  }

  @Test
  void takesTheClientsProperties() throws IOException {
    Map<String, String> properties = Map.of("dfs.replication", "1", "dfs.blocksize", "1048576");
    URI root = URI.create(cluster.getURI() + "/zone/properties");
    try (Storage storage = Storage.of(root, properties)) {
      storage.makeFolders("");
      // Three blocks, each forced to disk as it is closed.
      storage.write("file", out -> out.write(new byte[3 << 20]));
    }
    var status =
        cluster
            .getFileSystem()
            .getFileStatus(new org.apache.hadoop.fs.Path("/zone/properties/file"));
    assertThat(status.getReplication()).isEqualTo((short) 1);
    assertThat(status.getBlockSize()).isEqualTo(1 << 20);
    assertThat(status.getLen()).isEqualTo(3 << 20);
  }

  @Test
  void refusesAddressesThatNameNoStorage() {
    assertUser(
        "nosuch://host/folder",
        "Cannot use storage: nosuch://host/folder (expected a scheme that this Hadoop client"
            + " knows, such as hdfs)");
    assertUser(
        "hdfs://host:8020",
        "Cannot use storage: hdfs://host:8020 (expected a folder, such as"
            + " hdfs://namenode:8020/zone)");
    assertUser(
        "s3a://key:secret@bucket/folder",
        "Cannot use storage: s3a://…@bucket (expected no password in the address; Hadoop's"
            + " properties take it)");
  }

  @Test
  void saysWhatItCannotReach() throws IOException {
    assertThatThrownBy(() -> Storage.of(URI.create("hdfs://no.such.host.invalid:1/x"), Map.of()))
        .isInstanceOfSatisfying(
            ZoneException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.ENVIRONMENT))
        .hasMessageStartingWith("Cannot reach storage: hdfs://no.such.host.invalid:1/x (");
    Map<String, String> impatient = Map.of("ipc.client.connect.max.retries", "0");
    try (Storage storage = Storage.of(URI.create("hdfs://localhost:1/x"), impatient)) {
      assertThatThrownBy(() -> storage.exists("a")).isInstanceOf(IOException.class);
      assertThatThrownBy(() -> storage.list("")).isInstanceOf(IOException.class);
    }
  }

  private static void assertUser(String uri, String message) {
    assertThatThrownBy(() -> Storage.of(URI.create(uri), Map.of()))
        .isInstanceOfSatisfying(
            ZoneException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.USER))
        .hasMessage(message);
  }
}
