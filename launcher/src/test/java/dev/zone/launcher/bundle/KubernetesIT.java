package dev.zone.launcher.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.zone.launcher.bundle.ZoneProcess.Ended;
import dev.zone.launcher.cluster.Kubelet;
import dev.zone.launcher.cluster.KubernetesApi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What Spark's own client and driver send to Kubernetes for a job, what Zone makes of the answers,
 * a training and feeds in pods that are processes of this machine.
 */
@Tag("clusters")
@Timeout(300)
class KubernetesIT {
  @TempDir private Path folder;
  private KubernetesCentre centre;
  private KubernetesApi api;
  private ZoneProcess zone;

  @BeforeEach
  void start() throws IOException {
    centre = new KubernetesCentre(folder);
    api = centre.api();
    zone = centre.zone(Map.of());
  }

  @AfterEach
  void stop() {
    centre.close();
  }

  private String submit(String... more) throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(List.of("submit", zone.demo(), "-o", "json"));
    arguments.addAll(List.of(more));
    return zone.run(arguments.toArray(String[]::new)).json().get("run").getAsString();
  }

  private JsonObject driver(String run) {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    List<JsonObject> drivers = api.objects("pods", "zone-launch", run + "-1");
    while (drivers.isEmpty()) {
      assertThat(System.nanoTime()).as("%s", api.asked()).isLessThan(until);
      LockSupport.parkNanos(50_000_000L);
      drivers = api.objects("pods", "zone-launch", run + "-1");
    }
    assertThat(drivers).hasSize(1);
    return drivers.get(0);
  }

  private static JsonObject parsed(String json) {
    return JsonParser.parseString(json).getAsJsonObject();
  }

  private String state(String run) throws IOException, InterruptedException {
    return zone.status(run).get("state").getAsString();
  }

  /** Spark's properties of the driver, which it is handed in a config map. */
  private String properties() {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (true) {
      for (JsonObject map : api.objects("configmaps")) {
        if (map.getAsJsonObject("data").has("spark.properties")) {
          return map.getAsJsonObject("data").get("spark.properties").getAsString();
        }
      }
      assertThat(System.nanoTime()).as("%s", api.asked()).isLessThan(until);
      LockSupport.parkNanos(50_000_000L);
    }
  }

  @Test
  void sendsADriverThatHasAllItNeeds() throws Exception {
    String run =
        submit("--set", "resources.perWorker.gpus=1", "--set", "resources.cpuFallback=true");
    JsonObject pod = driver(run);
    assertThat(pod.getAsJsonObject("metadata").get("namespace").getAsString()).isEqualTo("lab");
    JsonObject spec = pod.getAsJsonObject("spec");
    assertThat(spec.get("serviceAccountName").getAsString()).isEqualTo("driver");
    assertThat(spec.get("tolerations").toString()).contains("gpus");
    JsonObject container = spec.getAsJsonArray("containers").get(0).getAsJsonObject();
    assertThat(container.get("image").getAsString()).isEqualTo("registry.test/spark:4.2");
    assertThat(container.getAsJsonObject("resources").toString())
        .contains("\"limits\":{\"cpu\":\"1\"")
        .doesNotContain("gpu");
    assertThat(container.get("args").toString())
        .contains("dev.zone.jobs.spark.ZoneApplication")
        .contains("local://" + folder.resolve("storage/jars"))
        .contains("\"run\",\"" + folder.resolve("storage/runs/" + run) + "\",\"1\"");
    assertThat(container.get("env").toString()).contains("ZONE_CACHE").contains("LC_ALL");
    assertThat(container.get("volumeMounts").toString())
        .contains("\"mountPath\":\"" + folder.resolve("storage") + "\"");
    assertThat(spec.get("volumes").toString()).contains("\"claimName\":\"share\"");

    String properties = properties();
    assertThat(properties.lines())
        .contains(
            "spark.executor.resource.gpu.amount=1",
            "spark.task.resource.gpu.amount=1",
            "spark.executor.resource.gpu.vendor=nvidia.com",
            "spark.resources.discoveryPlugin=dev.zone.jobs.spark.GpuDiscovery",
            "spark.executor.instances=2",
            "spark.kubernetes.executor.limit.cores=1",
            "spark.kubernetes.executor.label.zone-launch=" + run + "-1",
            "spark.kubernetes.executor.volumes.persistentVolumeClaim.zone.options.claimName=share");
    assertThat(pod.toString() + properties).doesNotContainIgnoringCase("secret=");

    JsonObject second =
        zone.timed("second submission to Kubernetes", "submit", zone.demo(), "-o", "json").json();
    assertThat(second.get("sentBytes").getAsLong()).isZero();
    zone.timed("status at Kubernetes", "status", second.get("run").getAsString());
    assertThat(zone.run("cancel", second.get("run").getAsString()).exitCode()).isZero();
  }

  @Test
  void trainsInPodsWhatOneProcessTrains() throws Exception {
    Path tool = Files.createDirectories(folder.resolve("tools")).resolve("nvidia-smi");
    Files.writeString(
        tool,
        "#!/bin/sh\necho '0, GPU-b2f3c7aa, NVIDIA H100 80GB HBM3, 550.54.15, 81559, 81008, 9.0'\n");
    Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwxr-xr-x"));
    try (Kubelet kubelet =
        new Kubelet(api, zone.distribution(), folder.resolve("pods"), tool.getParent())) {
      String run =
          submit(
              "--set",
              "training.epochs=1",
              "--set",
              "resources.perWorker.gpus=1",
              "--set",
              "resources.cpuFallback=true");
      Ended ended = zone.run("wait", run);
      assertThat(ended.exitCode()).as(ended.out() + ended.err()).isZero();
      Path record = folder.resolve("storage/runs/" + run);
      JsonObject here = zone.trainedHere("training.epochs=1", "training.engine=dl4j");
      assertThat(parsed(Files.readString(record.resolve("result.json"))).get("modelDigest"))
          .isEqualTo(here.get("modelDigest"));
      assertThat(Files.readString(record.resolve("events.jsonl")).lines())
          .filteredOn(line -> line.contains("trains on its CPU, as it cannot on GPU 0 of rank"))
          .hasSize(2);
      assertThat(record.resolve("logs/driver.log")).isNotEmptyFile();
      assertThat(record.resolve("logs/executor-1.log")).isNotEmptyFile();
      List<JsonObject> executors =
          api.made().stream()
              .filter(made -> made.get("kind").getAsString().equals("Pod"))
              .filter(made -> made.toString().contains("\"spark-role\":\"executor\""))
              .toList();
      assertThat(executors.size()).isEqualTo(2);
      for (JsonObject executor : executors) {
        assertThat(executor.toString())
            .contains("\"zone-launch\":\"" + run + "-1\"")
            .containsPattern("\"limits\":\\{[^}]*\"nvidia.com/gpu\":\"1\"[^}]*\"cpu\":\"1\"")
            .contains("\"claimName\":\"share\"")
            .contains("\"key\":\"gpus\"");
      }
      zone.await(run, "no worker's pod", one -> kubelet.alive() == 0);
      assertThat(api.objects("pods", "spark-role", "executor")).isEmpty();

      api.nodes(parsed("{'cpu': '8', 'memory': '16Gi', 'nvidia.com/gpu': '2'}"));
      Ended check = zone.run("conf", "check", "--connect", folder.resolve("cloud.yaml").toString());
      assertThat(check.exitCode()).as(check.out() + check.err()).isEqualTo(4);
      assertThat(check.out()).contains("GPUs: looked at 2 of 2");
      assertThat(check.err().lines())
          .filteredOn(
              line ->
                  line.matches(
                      "zone: cloud/cluster: Cannot train on GPU 0 of .*, NVIDIA H100 80GB HBM3: .*"))
          .isNotEmpty();
      zone.await(run, "no pod that looked", one -> kubelet.alive() == 0);

      String second = submit("--set", "training.epochs=400");
      zone.await(second, "training", one -> one.get("state").getAsString().equals("TRAINING"));
      assertThat(zone.run("cancel", second).exitCode()).isZero();
      zone.await(second, "no pod at work", one -> kubelet.alive() == 0);
      assertThat(state(second)).isEqualTo("CANCELLED");
    }
  }

  @Test
  void tellsWhatBecomesOfAPod() throws Exception {
    String run = submit();
    JsonObject pod = driver(run);
    assertThat(state(run)).isEqualTo("QUEUED");
    api.become(
        pod,
        parsed(
            "{'phase': 'Pending', 'conditions': [{'type': 'PodScheduled', 'status': 'False', 'reason': 'Unschedulable', 'message': '0/2 nodes are available: 2 Insufficient cpu.'}]}"));
    assertThat(zone.run("explain", run).out())
        .contains("is Pending (Unschedulable: 0/2 nodes are available: 2 Insufficient cpu.)")
        .contains("needed: 1 driver of 1 core and ");
    api.become(
        pod,
        parsed(
            "{'phase': 'Pending', 'containerStatuses': [{'name': 'main', 'state': {'waiting': {'reason': 'ImagePullBackOff', 'message': 'Back-off pulling image'}}}]}"));
    assertThat(zone.run("explain", run).out())
        .contains("is Pending (ImagePullBackOff: Back-off pulling image)");
    assertThat(state(run)).isEqualTo("QUEUED");
    api.become(
        pod,
        parsed(
            "{'phase': 'Failed', 'containerStatuses': [{'name': 'main', 'state': {'terminated': {'reason': 'OOMKilled', 'exitCode': 137}}}]}"));
    zone.await(run, "failed", one -> one.get("state").getAsString().equals("FAILED"));
    assertThat(zone.status(run).getAsJsonObject("error").get("message").getAsString())
        .startsWith("Its driver ended before it began: Kubernetes says that pod ")
        .contains("is Failed (OOMKilled exit code 137)");
    assertThat(zone.run("wait", run).exitCode()).isEqualTo(4);
  }

  @Test
  void leavesNoPodBehindWhenARunIsCancelled() throws Exception {
    String run = submit();
    JsonObject pod = driver(run);
    properties();
    Ended cancelled = zone.run("cancel", run, "--grace", "0");
    assertThat(cancelled.exitCode()).as(cancelled.err()).isZero();
    assertThat(api.objects("pods")).isEmpty();
    assertThat(state(run)).isEqualTo("CANCELLED");
    assertThat(pod.getAsJsonObject("metadata").get("name").getAsString()).contains("driver");
    for (JsonElement left : api.objects("configmaps")) {
      assertThat(left.getAsJsonObject().getAsJsonObject("metadata").has("ownerReferences"))
          .as("%s", left)
          .isFalse();
    }
  }

  @Test
  void saysAtOnceWhatKubernetesWouldNotDo() throws Exception {
    api.allow(false);
    Ended refused = zone.run("submit", zone.demo());
    assertThat(refused.exitCode()).isEqualTo(4);
    assertThat(refused.err())
        .isEqualTo(
            "zone: Cannot submit to cloud/cluster: you may not make pods in the namespace lab (expected a role that may; docs/clusters.md has one)\n");
    api.allow(true);
    api.know(false);
    Ended expired = zone.run("submit", zone.demo());
    assertThat(expired.exitCode()).isEqualTo(4);
    assertThat(expired.err())
        .contains("Unauthorized")
        .endsWith(
            "(expected credentials in the kubeconfig that it accepts; these may have expired)\n");
    api.know(true);
    api.nodes(
        parsed("{'cpu': '8', 'memory': '16Gi', 'nvidia.com/gpu': '2'}"),
        parsed("{'cpu': '7500m', 'memory': '16Gi', 'nvidia.com/gpu': '2'}"));
    // One that describes no GPUs has none looked at.
    Path plain = folder.resolve("plain.yaml");
    Files.writeString(
        plain,
        Files.readString(folder.resolve("cloud.yaml")).replaceFirst(", gpus: \\{[^}]*}", ""));
    Ended check = zone.run("conf", "check", "--connect", plain.toString());
    assertThat(check.exitCode()).as(check.err()).isZero();
    assertThat(check.out())
        .contains("master: Kubernetes v1.33.1 at " + api.address() + " answers")
        .contains("namespace: you may make pods in lab")
        .contains("places: 2 nodes with 15 cores together")
        .contains("GPUs: 4 together")
        .contains("can be written, read and listed");
    api.close();
    long began = System.nanoTime();
    Ended gone = zone.run("submit", zone.demo());
    assertThat(gone.exitCode()).isEqualTo(4);
    assertThat(gone.err())
        .isEqualTo(
            "zone: Cannot use Kubernetes at %s: connection refused (expected the API server to answer there)\n"
                .formatted(api.address()));
    assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began)).isLessThan(15);
    assertThat(Files.exists(folder.resolve("storage/runs"))).isFalse();
  }
}
