package dev.zone.launcher.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.zone.launcher.bundle.ZoneProcess.Ended;
import dev.zone.launcher.cluster.SparkCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A standalone cluster whose machine has two GPUs by what its {@code nvidia-smi} says: real
 * discovery, requests, places and preflight, and ND4J on the CPU. All connections of Spark are
 * authenticated and encrypted.
 */
@Tag("clusters")
@Timeout(400)
class GpuIT {
  private static final String H100 = "NVIDIA H100 80GB HBM3, 550.54.15, 81559, 81008, 9.0";

  @TempDir private static Path folder;
  private static SparkCluster cluster;
  private static ZoneProcess zone;
  private static Path storage;

  @BeforeAll
  static void startCluster() throws Exception {
    Path distribution = Path.of(System.getProperty("zone.distribution"));
    Path tool = Files.createDirectories(folder.resolve("tools")).resolve("nvidia-smi");
    Files.writeString(
        tool,
        """
        #!/bin/sh
        case $1 in
          --query-gpu=index) echo 0; echo 1 ;;
          *) echo '0, GPU-b2f3c7aa, %s'; echo '1, GPU-77c1d2e0, %s' ;;
        esac
        """
            .formatted(H100, H100));
    Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwxr-xr-x"));
    // Cores enough for two jobs: GPUs are what is scarce.
    cluster =
        SparkCluster.withGpus(distribution, folder.resolve("cluster"), 1, 8, tool.getParent());
    storage = folder.resolve("storage");
    Path file = folder.resolve("lab.yaml");
    Files.writeString(file, cluster.zone(storage));
    zone = new ZoneProcess(folder, Map.of("ZONE", file.toString()));
  }

  @AfterAll
  static void stopCluster() {
    if (cluster != null) {
      cluster.close();
    }
  }

  private static String submit(String epochs) throws IOException, InterruptedException {
    return zone.run(
            "submit",
            zone.demo(),
            "--set",
            "resources.perWorker.gpus=1",
            "--set",
            "resources.cpuFallback=true",
            "--set",
            "training.epochs=" + epochs,
            "-o",
            "json")
        .json()
        .get("run")
        .getAsString();
  }

  private static JsonObject json(String run, String name) throws IOException {
    return JsonParser.parseString(Files.readString(storage.resolve("runs/" + run).resolve(name)))
        .getAsJsonObject();
  }

  private static String state(JsonObject status) {
    return status.get("state").getAsString();
  }

  @Test
  void givesEachRankADeviceAndFallsBackToCpusAloud() throws Exception {
    String run = submit("1");
    assertThat(state(zone.run("wait", run, "-o", "json").json())).isEqualTo("SUCCEEDED");
    List<String> notes =
        Files.readAllLines(storage.resolve("runs/" + run + "/events.jsonl")).stream()
            .filter(line -> line.contains("trains on its CPU"))
            .toList();
    assertThat(notes).hasSize(2);
    // Which rank has which is Spark's choice; no two have the same.
    assertThat(notes).anyMatch(note -> note.contains("GPU 0 of rank"));
    assertThat(notes).anyMatch(note -> note.contains("GPU 1 of rank"));
    assertThat(notes)
        .allMatch(note -> note.contains("compute capability 9.0 of NVIDIA H100 80GB HBM3"));
    assertThat(json(run, "provenance.json").get("devices")).hasToString("[\"cpu\",\"cpu\"]");
    // Whoever asks for GPUs trains with the engine that has them, on a CPU too.
    JsonObject here = zone.trainedHere("training.epochs=1", "training.engine=dl4j");
    assertThat(json(run, "result.json").get("modelDigest")).isEqualTo(here.get("modelDigest"));
  }

  @Test
  void waitsForGpusThatOthersHaveAndSaysSo() throws Exception {
    Ended check = zone.run("conf", "check", folder.resolve("lab.yaml").toString(), "--connect");
    assertThat(check.exitCode()).as(check.err()).isEqualTo(4);
    assertThat(check.out()).contains("GPUs: looked at 2 of 2");
    assertThat(check.err().lines())
        .anyMatch(
            line ->
                line.startsWith(
                    "zone: lab/hall: Cannot train on GPU 0 of zone-worker-0, NVIDIA H100 80GB HBM3:"
                        + " compute capability 9.0 of NVIDIA H100 80GB HBM3 (expected 3.7"))
        .anyMatch(line -> line.contains("Cannot train on GPU 1 of "))
        .anyMatch(line -> line.contains("libcublas.so.11 is not installed (expected CUDA 11's"));
    String first = submit("400");
    zone.await(first, "training", one -> state(one).equals("TRAINING"));
    String second = submit("1");
    zone.await(second, "waiting for GPUs", one -> state(one).equals("WAITING"));
    assertThat(zone.run("explain", second).out())
        .contains(" of heap with a GPU; 0 such places are free (")
        .contains(" of 8 cores, 0 of 2 GPUs)")
        .contains("by the application " + first);
    assertThat(zone.run("cancel", first).exitCode()).isZero();
    assertThat(zone.run("wait", second).exitCode()).isZero();
  }
}
