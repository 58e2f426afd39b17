package dev.zone.conf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zone.conf.error.Problems;
import dev.zone.conf.yaml.YamlBinder;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PlacementTest {
  private static List<String> objections(String deployMode, String machines, String resources) {
    Problems problems = new Problems();
    CentreSpec centre =
        YamlBinder.parse(
                "{master: 'spark://m:1', storage: 'file:/s', deployMode: "
                    + deployMode
                    + ", limits: {workers: 6, memory: 12g}, machines: "
                    + machines
                    + "}",
                "c",
                CentreSpec.class,
                List.of(),
                problems)
            .orElseThrow()
            .value();
    ResourceSpec asked =
        YamlBinder.parse(resources, "r", ResourceSpec.class, List.of(), problems)
            .orElseThrow()
            .value();
    assertThat(problems.list()).isEmpty();
    return Placement.objections(
        centre,
        asked,
        WorkerFlags.backend(
            asked.perWorker(), TrainingSpec.Precision.FLOAT32, new CpuFeatures("amd64", Set.of())));
  }

  @Test
  void holdsWhatFitsAndSaysWhatDoesNot() {
    String machines = "[{name: a, count: 2, cores: 2, memory: 8g}]";
    assertThat(objections("client", machines, "{workers: 4}")).isEmpty();
    assertThat(objections("client", machines, "{workers: 5}"))
        .containsExactly(
            "5 workers of 1 core and 2560 MiB (expected at most 4, which is what the machines hold together: 2 a with 2 cores, 8g, no GPU)");
    assertThat(objections("cluster", machines, "{workers: 3}")).isEmpty();
    assertThat(objections("cluster", machines, "{workers: 4}"))
        .containsExactly(
            "4 workers of 1 core and 2560 MiB beside the driver (expected at most 3, which is what the machines hold together: 2 a with 2 cores, 8g, no GPU)");
  }

  @Test
  void knowsThatAWorkerMustFitOnOneMachine() {
    assertThat(
            objections(
                "client",
                "[{name: a, count: 9, cores: 2, memory: 8g}, {name: b, cores: 4, memory: 3g}]",
                "{workers: 1, perWorker: {cores: 3, memory: 4g}}"))
        .containsExactly(
            "a worker of 3 cores and 4608 MiB (expected what one machine has: 9 a with 2 cores, 8g, no GPU; 1 b with 4 cores, 3g, no GPU)");
    assertThat(
            objections(
                "client",
                "[{name: a, count: 9, cores: 2, memory: 8g, nativeMemory: 7500m}]",
                "{workers: 1, perWorker: {memory: 4g}}"))
        .hasSize(1);
  }

  @Test
  void countsGpus() {
    String machines =
        "[{name: a, cores: 64, memory: 256g}, {name: g, count: 2, cores: 16, memory: 64g, gpus:"
            + " {count: 2, model: A100, memory: 40g, computeCapability: 8.0}}]";
    assertThat(objections("client", machines, "{workers: 4, perWorker: {gpus: 1}}")).isEmpty();
    assertThat(objections("client", machines, "{workers: 5, perWorker: {gpus: 1}}"))
        .singleElement()
        .asString()
        .startsWith("5 workers of 1 core and 2560 MiB and 1 GPU (expected at most 4");
    assertThat(
            objections(
                "client",
                "[{name: a, cores: 64, memory: 256g}]",
                "{workers: 1, perWorker: {gpus: 1}}"))
        .singleElement()
        .asString()
        .startsWith("a worker of 1 core and 2560 MiB and 1 GPU (expected what one machine has");
  }

  @Test
  void heedsTheLimitsOfAJob() {
    assertThat(
            objections(
                "client",
                "[{name: a, cores: 64, memory: 256g}]",
                "{workers: 7, perWorker: {memory: 2g}}"))
        .containsExactly(
            "7 workers (expected at most 6, the centre's limit of a job)",
            "14g of memory (expected at most 12g, the centre's limit of a job)");
  }
}
