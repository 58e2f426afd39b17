package dev.zone.jobs.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zone.conf.DataSize;
import dev.zone.conf.PlanSpec;
import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import dev.zone.conf.gpu.NvidiaSmi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.resource.ResourceID;
import org.apache.spark.resource.ResourceRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerDeviceTest {
  private static final String HOPPER =
      "GPU-b2f3c7aa, NVIDIA H100 80GB HBM3, 550.54.15, 81559, 81008, 9.0";
  private static final String AMPERE =
      "GPU-5f6c1f0e, NVIDIA A100-SXM4-80GB, 535.104.05, 81920, %d, 8.0";

  @TempDir private Path folder;

  private static PlanSpec plan(String resources, String device) {
    return TinyPlan.with("resources: " + resources, device, "");
  }

  /** A machine whose tool shows these GPUs, numbered from 0. */
  private NvidiaSmi machine(String... gpus) throws IOException {
    StringBuilder script = new StringBuilder("#!/bin/sh\n");
    for (int i = 0; i < gpus.length; i++) {
      script.append("echo '").append(i).append(", ").append(gpus[i]).append("'\n");
    }
    Path file = folder.resolve("nvidia-smi");
    Files.writeString(file, script);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    return new NvidiaSmi(folder.toString());
  }

  private static WorkerDevice find(PlanSpec plan, NvidiaSmi machine, String... addresses) {
    return WorkerDevice.find(
        plan, 1, List.of(addresses), () -> DataSize.ofMebibytes(1000), machine);
  }

  @Test
  void asksNothingForAPlanOnCpus() {
    WorkerDevice device = find(plan("{perWorker: {gpus: 1}}", "cpu"), new NvidiaSmi("/nowhere"));
    assertThat(device.name()).isEqualTo("cpu");
    assertThat(device.instead()).isEmpty();
  }

  @Test
  void refusesAGpuThatTheLibraryHasNoCodeFor() throws IOException {
    NvidiaSmi machine = machine(HOPPER);
    assertThatThrownBy(() -> find(plan("{perWorker: {gpus: 1}}", "cuda"), machine, "0"))
        .isInstanceOfSatisfying(
            ZoneException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.ENVIRONMENT))
        .hasMessageStartingWith(
            "Cannot train on GPU 0 of rank 1, NVIDIA H100 80GB HBM3: compute capability 9.0 of"
                + " NVIDIA H100 80GB HBM3 (expected 3.7 or 5.0 to 8.9: ND4J 1.0.0-M2.1's library")
        .hasMessageEndingWith(
            "(expected a GPU that ND4J can use; resources.cpuFallback: true trains on CPUs"
                + " instead)");
  }

  @Test
  void fallsBackToTheCpuWhereTheJobAllowsIt() throws IOException {
    PlanSpec plan = plan("{perWorker: {gpus: 1}, cpuFallback: true}", "cuda");
    WorkerDevice hopper = find(plan, machine(HOPPER), "0");
    assertThat(hopper.name()).isEqualTo("cpu");
    assertThat(hopper.instead().orElseThrow())
        .startsWith("rank 1 trains on its CPU, as it cannot on GPU 0 of rank 1, NVIDIA H100");
    assertThat(find(plan, new NvidiaSmi("/nowhere"), "unseen-0").instead().orElseThrow())
        .contains("nvidia-smi is not on the PATH of this machine");
    assertThat(find(plan, machine(AMPERE.formatted(900)), "1").instead().orElseThrow())
        .contains("nvidia-smi shows no such GPU, but 0 (NVIDIA A100-SXM4-80GB)");
    assertThat(find(plan, machine(AMPERE.formatted(900)), "0").instead().orElseThrow())
        .contains("900 of 81920 MiB of memory free (expected about 1600 MiB for this training");
  }

  @Test
  void needsTheBackendBesidesTheGpu() throws IOException {
    PlanSpec plan = plan("{perWorker: {gpus: 1}, cpuFallback: true}", "cuda");
    assertThat(find(plan, machine(AMPERE.formatted(81_000)), "0").instead().orElseThrow())
        .endsWith("the application's jars hold no CUDA backend");
  }

  @Test
  void tellsAnExecutorItsGpusAndPromisesThoseItCannotSee() throws IOException {
    ResourceRequest one =
        new ResourceRequest(
            new ResourceID("spark.executor", "gpu"),
            1,
            java.util.Optional.empty(),
            java.util.Optional.empty());
    NvidiaSmi two = machine(HOPPER, HOPPER);
    assertThat(
            new GpuDiscovery(two).discoverResource(one, new SparkConf()).orElseThrow().addresses())
        .containsExactly("0", "1");
    assertThat(
            new GpuDiscovery(new NvidiaSmi("/nowhere"))
                .discoverResource(one, new SparkConf())
                .orElseThrow()
                .addresses())
        .containsExactly("unseen-0");
    ResourceRequest other =
        new ResourceRequest(
            new ResourceID("spark.executor", "fpga"),
            1,
            java.util.Optional.empty(),
            java.util.Optional.empty());
    assertThat(new GpuDiscovery(two).discoverResource(other, new SparkConf())).isEmpty();
  }
}
