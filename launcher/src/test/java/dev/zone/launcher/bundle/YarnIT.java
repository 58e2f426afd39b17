package dev.zone.launcher.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.zone.launcher.bundle.ZoneProcess.Ended;
import dev.zone.launcher.cluster.HadoopCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Jobs on a real YARN whose runs are on a real HDFS. */
@Timeout(400)
class YarnIT {
  private static final Duration LIMIT = Duration.ofMinutes(3);

  @TempDir(cleanup = org.junit.jupiter.api.io.CleanupMode.NEVER)
  private static Path folder;

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

  private static Ended zone(String... arguments) throws IOException, InterruptedException {
    return zone.run(LIMIT, List.of(arguments));
  }

  @Test
  void trainsInContainersAndKeepsTheRunOnHdfs() throws Exception {
    String job = zone.distribution().resolve("jobs/chip/demo.yaml").toString();
    JsonObject submitted =
        zone(
                "submit",
                job,
                "--set",
                "training.epochs=1",
                "--set",
                "resources.workers=2",
                "-o",
                "json")
            .json();
    String run = submitted.get("run").getAsString();
    System.out.println(submitted);
    Ended ended = zone("wait", "--timeout", "60", run);
    System.out.println(ended);
    System.out.println(zone("explain", run));
    System.out.println(zone("logs", run));
    assertThat(ended.exitCode()).isZero();
  }
}
