package dev.zone.launcher.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.zone.launcher.bundle.ZoneProcess.Begun;
import dev.zone.launcher.bundle.ZoneProcess.Ended;
import dev.zone.launcher.cluster.Kubelet;
import dev.zone.launcher.cluster.KubernetesApi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Feeds in pods of Kubernetes, which are processes of this machine. */
@Tag("clusters")
@Timeout(400)
class KubernetesFeedIT {
  @TempDir private Path folder;
  private KubernetesCentre centre;
  private KubernetesApi api;

  @BeforeEach
  void start() throws IOException {
    centre = new KubernetesCentre(folder);
    api = centre.api();
  }

  @AfterEach
  void stop() {
    centre.close();
  }

  /** A dataset of a registry, and rows for it: its file. */
  private ZoneProcess fed(String registry, Path lot) throws IOException, InterruptedException {
    Presses.describe(folder);
    Presses.write(lot, 100_000);
    ZoneProcess feeding =
        new ZoneProcess(
            folder,
            Map.of("ZONE_REGISTRY", registry, "KUBECONFIG", folder.resolve("none").toString()));
    Ended created = feeding.run("dataset", "create", "presses.yaml");
    assertThat(created.exitCode()).as(created.err()).isZero();
    return feeding;
  }

  private static List<String> feed(String file) {
    return List.of("dataset", "feed", Presses.NAME, file, "--piece", "64k", "-o", "json");
  }

  private List<String> feedInPods(String file) {
    List<String> arguments = new ArrayList<>(feed(file));
    arguments.addAll(List.of("--zone", folder.resolve("cloud.yaml").toString()));
    arguments.addAll(List.of("--workers", "2", "--spark-from", "1m"));
    return arguments;
  }

  /** What a feed said and what its version is, but for names. */
  private static List<JsonElement> version(ZoneProcess zone, Ended ended)
      throws IOException, InterruptedException {
    JsonObject answer = ended.json();
    answer.remove("feed");
    JsonObject described = zone.run("dataset", "describe", Presses.NAME, "-o", "json").json();
    return List.of(answer, described.get("digest"), described.get("rows"));
  }

  private List<Path> stored() throws IOException {
    try (Stream<Path> all = Files.list(folder.resolve("storage"))) {
      return all.filter(path -> !path.getFileName().toString().matches("jars|lots|registry.*"))
          .toList();
    }
  }

  @Test
  void feedsInPodsWhatAFeedHereLeavesOnTheVolumeAndOnHdfs() throws Exception {
    Path lot = folder.resolve("storage/lots/lot.csv");
    ZoneProcess here = fed(folder.resolve("registry").toString(), lot);
    List<JsonElement> expected =
        version(here, here.run(Duration.ofMinutes(2), feed(lot.toString())));
    // One of each 122 is no torque, and a thousand keys come again.
    assertThat(((JsonObject) expected.get(0)).get("rejected").getAsInt()).isGreaterThan(1500);
    try (Kubelet kubelet = new Kubelet(api, here.distribution(), folder.resolve("pods"), folder);
        MiniDFSCluster hdfs =
            new MiniDFSCluster.Builder(new Configuration(), folder.resolve("hdfs").toFile())
                .numDataNodes(1)
                .build()) {
      ZoneProcess pods = fed(folder.resolve("storage/registry").toString(), lot);
      assertThat(version(pods, pods.run(Duration.ofMinutes(3), feedInPods(lot.toString()))))
          .isEqualTo(expected);
      List<JsonObject> made =
          api.made().stream()
              .filter(object -> object.get("kind").getAsString().equals("Pod"))
              .toList();
      assertThat(made).hasSize(3);
      for (JsonObject pod : made) {
        assertThat(pod.toString())
            .contains("\"claimName\":\"share\"", "\"zone-launch\":\"zone-feed-")
            .containsPattern("\"limits\":\\{[^}]*\"cpu\":\"1\"")
            .contains("HADOOP_USER_NAME", "LC_ALL");
      }
      assertThat(api.objects("pods")).isEmpty();
      assertThat(stored()).isEmpty();
      Ended again = pods.run(Duration.ofMinutes(3), feedInPods(lot.toString()));
      assertThat(again.json().get("outcome").getAsString()).isEqualTo("FED_BEFORE");

      hdfs.waitActive();
      String root = "hdfs://localhost:" + hdfs.getNameNodePort();
      hdfs.getFileSystem()
          .copyFromLocalFile(
              new org.apache.hadoop.fs.Path(lot.toUri()),
              new org.apache.hadoop.fs.Path("/lots/lot.csv"));
      ZoneProcess distant = fed(root + "/registry", lot);
      assertThat(
              version(
                  distant, distant.run(Duration.ofMinutes(3), feedInPods(root + "/lots/lot.csv"))))
          .isEqualTo(expected);
      assertThat(api.objects("pods")).isEmpty();
    }
  }

  @Test
  void saysWhatPodsWouldNotReachBeforeAnythingIsSent() throws Exception {
    Path lot = folder.resolve("lot.csv");
    ZoneProcess feeding = fed(folder.resolve("registry").toString(), lot);
    Ended refused = feeding.run(Duration.ofMinutes(1), feedInPods(lot.toString()));
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err().lines())
        .containsExactly(
            "zone: Cannot feed the registry in pods of cloud/cluster: %s (expected a place below %s, which they have mounted, or a URI such as hdfs://namenode:8020/datasets)"
                .formatted(folder.resolve("registry"), folder.resolve("storage")),
            "zone: Cannot feed the file in pods of cloud/cluster: %s (expected a place below %s, which they have mounted, or a URI such as hdfs://namenode:8020/lots/1.csv)"
                .formatted(lot, folder.resolve("storage")));
    assertThat(folder.resolve("storage")).doesNotExist();
    assertThat(api.asked()).isEmpty();
  }

  @Test
  void leavesNothingBehindOfAFeedThatIsStoppedOrWhoseDriverEnds() throws Exception {
    Path lot = folder.resolve("storage/lots/lot.csv");
    ZoneProcess feeding = fed(folder.resolve("storage/registry").toString(), lot);
    try (Begun begun = feeding.start(feedInPods(lot.toString()))) {
      awaitPod();
      begun.process().destroy();
      Ended ended = begun.end(Duration.ofMinutes(1));
      assertThat(ended.exitCode()).as(ended.err()).isEqualTo(130);
      assertThat(ended.err()).contains("zone: stopping; Ctrl-C again kills the feed");
    }
    assertThat(api.objects("pods")).isEmpty();
    assertThat(stored()).isEmpty();
    try (Begun begun = feeding.start(feedInPods(lot.toString()))) {
      api.become(
          awaitPod(),
          JsonParser.parseString(
                  "{'phase': 'Failed', 'containerStatuses': [{'name': 'main', 'state': {'terminated': {'reason': 'OOMKilled', 'exitCode': 137}}}]}")
              .getAsJsonObject());
      Ended ended = begun.end(Duration.ofMinutes(1));
      assertThat(ended.exitCode()).isEqualTo(4);
      assertThat(ended.err())
          .contains("zone: Cannot feed on cloud/cluster: Kubernetes says that pod ")
          .contains(
              "is Failed (OOMKilled exit code 137) (expected a driver that ends with an answer)");
    }
    assertThat(api.objects("pods")).isEmpty();
    assertThat(stored()).isEmpty();
  }

  private JsonObject awaitPod() {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    List<JsonObject> pods = api.objects("pods");
    while (pods.isEmpty()) {
      assertThat(System.nanoTime()).as("%s", api.asked()).isLessThan(until);
      LockSupport.parkNanos(50_000_000L);
      pods = api.objects("pods");
    }
    return pods.get(0);
  }
}
