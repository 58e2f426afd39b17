package dev.zone.launcher.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.zone.launcher.bundle.ZoneProcess.Ended;
import dev.zone.launcher.cluster.HadoopCluster;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.SafeModeAction;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.yarn.api.records.ApplicationReport;
import org.apache.hadoop.yarn.client.api.YarnClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Jobs on a real YARN whose runs are on a real HDFS. */
@Tag("clusters")
@Timeout(400)
class YarnIT {
  private static final Duration LIMIT = Duration.ofMinutes(3);

  @TempDir private static Path folder;

  private static HadoopCluster cluster;
  private static ZoneProcess zone;

  @BeforeAll
  static void startCluster() throws IOException {
    cluster = HadoopCluster.start(folder.resolve("cluster"));
    Path file = folder.resolve("works.yaml");
    Files.writeString(file, cluster.zone(HadoopCluster.TRAINING));
    zone = new ZoneProcess(folder, Map.of("ZONE", file.toString()));
  }

  @AfterAll
  static void stopCluster() {
    if (cluster != null) {
      cluster.close();
    }
  }

  private static JsonObject submit(String... more) throws IOException, InterruptedException {
    List<String> arguments =
        new ArrayList<>(
            List.of("submit", zone.demo(), "--set", "resources.workers=2", "-o", "json"));
    arguments.addAll(List.of(more));
    return zone.run(LIMIT, arguments).json();
  }

  private static JsonObject result(FileSystem files, String run) throws IOException {
    org.apache.hadoop.fs.Path file =
        new org.apache.hadoop.fs.Path("/zone/runs/" + run, "result.json");
    try (InputStream in = files.open(file)) {
      return JsonParser.parseString(new String(in.readAllBytes(), StandardCharsets.UTF_8))
          .getAsJsonObject();
    }
  }

  private static String state(JsonObject status) {
    return status.get("state").getAsString();
  }

  @Test
  void trainsInContainersWhatOneProcessTrainsAndKeepsTheRunOnHdfs() throws Exception {
    JsonObject submitted = submit("--set", "training.epochs=1", "--id", "first");
    String run = submitted.get("run").getAsString();
    assertThat(submitted.get("dir").getAsString())
        .isEqualTo(cluster.address() + "/zone/runs/" + run);
    JsonObject again = submit("--set", "training.epochs=1", "--id", "first");
    assertThat(again.get("run").getAsString()).isEqualTo(run);
    assertThat(again.get("created").getAsBoolean()).isFalse();

    Ended ended = zone.run("wait", run);

    assertThat(ended.exitCode()).as(ended.out() + ended.err()).isZero();
    FileSystem files = cluster.files();
    for (String name :
        List.of(
            "model/model.zip",
            "report.html",
            "evaluation.json",
            "provenance.json",
            "events.jsonl",
            "attempts.jsonl",
            "logs/driver.log",
            "logs/executor-1.log",
            "logs/executor-2.log")) {
      // The page is made of the records, after the last of them.
      long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (!files.exists(new org.apache.hadoop.fs.Path("/zone/runs/" + run, name))) {
        assertThat(System.nanoTime()).as(name).isLessThan(until);
        LockSupport.parkNanos(50_000_000L);
      }
    }
    assertThat(zone.run("logs", run).out()).contains("Utils: Your hostname");
    zone.timed("status at YARN", "status", run);
    JsonObject here = zone.trainedHere("resources.workers=2", "training.epochs=1");
    assertThat(result(files, run).get("modelDigest")).isEqualTo(here.get("modelDigest"));
  }

  @Test
  void goesOnFromItsCheckpointAfterItWasCancelled() throws Exception {
    String run = submit("--set", "training.epochs=30").get("run").getAsString();
    zone.await(run, "training", one -> state(one).equals("TRAINING"));
    assertThat(zone.run("cancel", run).exitCode()).isZero();
    assertThat(state(zone.status(run))).isEqualTo("CANCELLED");

    Ended resumed = zone.run("resume", run, "-o", "json");

    assertThat(resumed.json().get("sentBytes").getAsLong()).isZero();
    Ended ended = zone.run("wait", run);
    assertThat(ended.exitCode()).as(ended.out() + ended.err()).isZero();
    assertThat(ended.out()).contains("epoch 30 of 30");
  }

  @Test
  void sendsDataOnceAndResumesAndRetriesWithThem() throws Exception {
    Path data = Files.createDirectories(folder.resolve("data"));
    StringBuilder rows = new StringBuilder("torque,speed,label\n");
    for (int i = 0; i < 400; i++) {
      rows.append(i % 20)
          .append(',')
          .append(i % 7)
          .append(',')
          .append(i % 20 < 10 ? "good" : "bad");
      rows.append('\n');
    }
    Files.writeString(data.resolve("line.csv"), rows);
    Path descriptors = Files.createDirectories(folder.resolve("datasets/manufacturing"));
    Files.writeString(
        descriptors.resolve("line.yaml"),
        """
        name: manufacturing/line
        title: A line
        description: Torque and speed, and whether the part was good.
        source: {format: delimited, files: [{path: line.csv}]}
        columns:
          torque: {type: number}
          speed: {type: number}
          label: {type: category, role: label, classes: {good: good, bad: bad}}
        split: {validation: 0.2, test: 0.2}
        licence: CC0
        citation: none
        """);
    Path job = folder.resolve("line.yaml");
    Files.writeString(
        job,
        """
        name: line
        dataset: manufacturing/line
        task: {type: multiclass, label: label}
        inputs: [{columns: [torque, speed], transforms: [standardise]}]
        model: {architecture: mlp, hidden: [8]}
        training: {epochs: 400, batchSize: 32, seed: 7}
        resources: {workers: 1}
        """);
    JsonObject submitted =
        zone.run("submit", job.toString(), "--data", "manufacturing/line=" + data, "-o", "json")
            .json();
    assertThat(submitted.get("sentBytes").getAsLong()).isGreaterThanOrEqualTo(rows.length());
    String run = submitted.get("run").getAsString();
    zone.await(run, "training", one -> state(one).equals("TRAINING"));
    assertThat(zone.run("cancel", run).exitCode()).isZero();
    // What was sent is lost, and what is here is elsewhere.
    assertThat(cluster.files().delete(new org.apache.hadoop.fs.Path("/zone/data"), true)).isTrue();
    Path moved = Files.move(data, folder.resolve("moved"));

    Ended resumed = zone.run("resume", run, "--data", "manufacturing/line=" + moved);
    assertThat(resumed.exitCode()).as(resumed.err()).isZero();
    Files.delete(moved.resolve("line.csv"));
    assertThat(zone.run("wait", run).exitCode()).isZero();
    JsonObject again = zone.timed("second submission to YARN", "retry", run, "-o", "json").json();
    assertThat(again.get("sentBytes").getAsLong()).isZero();
    String second = again.get("run").getAsString();
    assertThat(zone.run("wait", second).exitCode()).isZero();

    FileSystem files = cluster.files();
    assertThat(result(files, second).get("modelDigest"))
        .isEqualTo(result(files, run).get("modelDigest"));
  }

  @Test
  void feedsInContainersWhatAFeedHereLeaves() throws Exception {
    Presses.describe(folder);
    Path lot = folder.resolve("lot.csv");
    Presses.write(lot, 200_000);
    cluster
        .files()
        .copyFromLocalFile(
            new org.apache.hadoop.fs.Path(lot.toUri()),
            new org.apache.hadoop.fs.Path("/lots/lot.csv"));
    List<JsonObject> versions = new ArrayList<>();
    for (List<String> place :
        List.of(
            List.<String>of(),
            List.of("--zone", folder.resolve("works.yaml").toString(), "--spark-from", "1m"))) {
      String registry = cluster.address() + "/registry-" + versions.size();
      ZoneProcess feeding = new ZoneProcess(folder, Map.of("ZONE_REGISTRY", registry));
      assertThat(feeding.run("dataset", "create", "presses.yaml").exitCode()).isZero();
      List<String> feed =
          new ArrayList<>(List.of("dataset", "feed", Presses.NAME, "--piece", "64k"));
      feed.addAll(List.of(cluster.address() + "/lots/lot.csv", "-o", "json"));
      feed.addAll(place);
      JsonObject fed = feeding.run(LIMIT, feed).json();
      assertThat(fed.get("outcome").getAsString()).isEqualTo("COMMITTED");
      // One of each 122 is no torque, and a thousand keys come again.
      assertThat(fed.get("rejected").getAsInt()).isGreaterThan(2500);
      versions.add(feeding.run("dataset", "describe", Presses.NAME, "-o", "json").json());
    }
    assertThat(versions.get(1).get("digest")).isEqualTo(versions.get(0).get("digest"));
    assertThat(versions.get(1).get("rows")).isEqualTo(versions.get(0).get("rows"));
  }

  @Test
  void asksYarnForGpusAndSaysWhyWorkersTrainOnTheirCpus() throws Exception {
    String run =
        submit(
                "--set",
                "training.epochs=1",
                "--set",
                "resources.perWorker.gpus=1",
                "--set",
                "resources.cpuFallback=true")
            .get("run")
            .getAsString();
    Ended ended = zone.run("wait", run);
    assertThat(ended.exitCode()).as(ended.out() + ended.err()).isZero();
    try (InputStream in =
        cluster.files().open(new org.apache.hadoop.fs.Path("/zone/runs/" + run, "events.jsonl"))) {
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8).lines())
          .filteredOn(line -> line.contains("trains on its CPU, as it cannot on GPU unseen-0"))
          .hasSize(2);
    }
    // What YARN itself says that it gave: the driver has none.
    try (YarnClient yarn = YarnClient.createYarnClient()) {
      yarn.init(cluster.configuration());
      yarn.start();
      ApplicationReport report =
          yarn.getApplications().stream()
              .filter(one -> one.getName().equals(run))
              .findFirst()
              .orElseThrow();
      assertThat(report.getApplicationResourceUsageReport().getResourceSecondsMap())
          .hasEntrySatisfying("yarn.io/gpu", seconds -> assertThat(seconds).isPositive());
    }
  }

  @Test
  void findsBeforeAnythingIsSentWhatYarnWouldNeverRun() throws Exception {
    assertRefused(
        2,
        "trainin",
        "YARN has no queue trainin, did you mean 'training'? (expected one of full, spare, training)");
    assertRefused(
        4,
        HadoopCluster.SPARE,
        "its queue spare is stopped (expected one that takes applications)");
    Ended large =
        zone.run(
            "submit",
            zone.demo(),
            "--set",
            "resources.perWorker.memory=6g",
            "--set",
            "resources.workers=1");
    assertThat(large.exitCode()).as(large.err()).isEqualTo(3);
    assertThat(large.err())
        .contains("(expected at most 4 cores and 6144 MiB and 2 GPUs, YARN's largest container)");
  }

  @Test
  void saysThatAQueueIsFull() throws Exception {
    Path file = folder.resolve("full.yaml");
    Files.writeString(file, cluster.zone(HadoopCluster.FULL));
    String run = submit("--zone", file.toString()).get("run").getAsString();
    Ended ended = zone.run("wait", run, "--zone", file.toString());
    assertThat(ended.exitCode()).as(ended.out() + ended.err()).isEqualTo(4);
    Ended explained = zone.run("explain", run, "--zone", file.toString());
    assertThat(explained.out())
        .contains("first cause: Its driver ended before it began: ")
        .contains("full");
  }

  private static void assertRefused(int exitCode, String queue, String words)
      throws IOException, InterruptedException {
    Path file = folder.resolve("other.yaml");
    Files.writeString(file, cluster.zone(queue));
    Ended ended = zone.run("submit", zone.demo(), "--zone", file.toString());
    assertThat(ended.exitCode()).as(ended.err()).isEqualTo(exitCode);
    assertThat(ended.err()).contains(words);
    assertThat(ended.err().lines()).hasSize(1);
  }

  @Test
  void saysInOneLineThatHdfsIsInSafeMode() throws Exception {
    DistributedFileSystem hdfs = cluster.hdfs().getFileSystem();
    hdfs.setSafeMode(SafeModeAction.ENTER);
    try {
      Ended ended = zone.run("submit", zone.demo());
      assertThat(ended.exitCode()).as(ended.err()).isEqualTo(4);
      assertThat(ended.err()).contains("Name node is in safe mode");
      assertThat(ended.err().lines()).hasSize(1);
    } finally {
      hdfs.setSafeMode(SafeModeAction.LEAVE);
    }
  }

  @Test
  void triesMasterQueueStorageAndGpus() throws Exception {
    Ended ended = zone.run("conf", "check", "--connect", folder.resolve("works.yaml").toString());
    // YARN was told of GPUs that are not there.
    assertThat(ended.exitCode()).as(ended.out() + ended.err()).isEqualTo(4);
    assertThat(ended.err().lines())
        .filteredOn(line -> line.contains("Cannot train on GPU unseen-0 of localhost, unknown: "))
        .isNotEmpty();
    assertThat(ended.out())
        .contains("queue: training has 80 % of the cluster")
        .contains("GPUs: 4 of 4 free")
        .contains("GPUs: looked at 4 of 4")
        .contains("can be written, read and listed");
  }
}
