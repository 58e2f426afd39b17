package dev.zone.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.zone.launcher.cli.Sandbox.Result;
import dev.zone.launcher.master.FakeMaster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs whose workers ask for GPUs, as far as the launcher goes. */
class GpuJobsTest {
  private static final String GPUS =
      "machines: [{name: m, count: 2, cores: 4, memory: 16g, gpus: {count: 1, model: T4, memory: 16g, computeCapability: 7.5}}]";

  @TempDir private Path folder;
  private Sandbox sandbox;
  private FakeMaster master;

  @BeforeEach
  void start() throws IOException {
    sandbox = new Sandbox(folder);
    master = new FakeMaster();
    master.says("/v1/submissions/create", "{'success': true, 'submissionId': 'driver-1'}");
    zone("");
    sandbox.environment("ZONE", "lab.yaml");
  }

  private void zone(String more) {
    String text = master.zone("file:" + folder.resolve("storage"));
    assertThat(text).contains("machines: [");
    sandbox.write("work/lab.yaml", text.replaceAll("machines: \\[.*]", GPUS) + more);
  }

  @AfterEach
  void stop() {
    master.close();
  }

  private Result submit(String... more) {
    String[] all = new String[more.length + 4];
    all[0] = "submit";
    all[1] = "tiny.yaml";
    all[2] = "--set";
    all[3] = "resources.perWorker.gpus=1";
    System.arraycopy(more, 0, all, 4, more.length);
    return sandbox.zone("none", all);
  }

  private JsonObject properties() {
    return JsonParser.parseString(master.bodies().get(0))
        .getAsJsonObject()
        .getAsJsonObject("sparkProperties");
  }

  @Test
  void requestsADeviceForEachWorkerAndSendsItsBackend() {
    sandbox.write("home/lib/cuda/org.nd4j.nd4j-cuda-11.6-1.0.0-M2.1.jar", "a");
    sandbox.write("home/lib/cuda/org.bytedeco.cuda-11.6-8.3-1.5.7-linux-x86_64-redist.jar", "b");
    Result result = submit();
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(properties().get("spark.executor.resource.gpu.amount").getAsString()).isEqualTo("1");
    assertThat(properties().get("spark.task.resource.gpu.amount").getAsString()).isEqualTo("1");
    assertThat(properties().get("spark.executor.extraClassPath").getAsString())
        .contains("org.nd4j.nd4j-cuda-11.6-1.0.0-M2.1.jar")
        .doesNotContain("redist");
    Result bundle =
        sandbox.zone("none", "package", "tiny.yaml", "--set", "resources.perWorker.gpus=1");
    assertThat(bundle.exitCode()).as(bundle.err()).isZero();
    assertThat(folder.resolve("work/tiny.bundle/bundle.yaml")).content().contains("backend: cuda");
  }

  @Test
  void packsNvidiasLibrariesWhereTheCentreWantsThem() {
    sandbox.write("home/lib/cuda/org.nd4j.nd4j-cuda-11.6-1.0.0-M2.1.jar", "a");
    zone("    cudaLibraries: bundled\n");
    Result without = submit();
    assertThat(without.exitCode()).isEqualTo(4);
    assertThat(without.err())
        .isEqualTo(
            "zone: Cannot package tiny for GPUs: this distribution has none of NVIDIA's libraries, and the centre's cudaLibraries is bundled (expected them, or cudaLibraries: site; docs/clusters.md says how to fetch them)\n");
    sandbox.write("home/lib/cuda/org.bytedeco.cuda-11.6-8.3-1.5.7-linux-x86_64-redist.jar", "b");
    assertThat(submit().exitCode()).isZero();
    assertThat(properties().get("spark.executor.extraClassPath").getAsString()).contains("redist");
  }

  @Test
  void saysAtOnceThatThereIsNoBackendUnlessCpusWillDo() {
    Result result = submit();
    assertThat(result.exitCode()).isEqualTo(4);
    assertThat(result.err())
        .isEqualTo(
            "zone: Cannot package tiny for GPUs: this distribution has no CUDA backend (expected ND4J's CUDA jars; docs/clusters.md says how to fetch them)\n");
    assertThat(folder.resolve("storage/runs")).doesNotExist();
    assertThat(submit("--set", "resources.cpuFallback=true").exitCode()).isZero();
    assertThat(properties().has("spark.executor.resource.gpu.amount")).isTrue();
  }

  @Test
  void placesAJobOnCpusWhereNoCentreHasGpusAndTheJobAllowsIt() {
    sandbox.write("work/lab.yaml", master.zone("file:" + folder.resolve("storage")));
    Result refused = submit();
    assertThat(refused.exitCode()).isEqualTo(3);
    assertThat(refused.err()).startsWith("zone: Cannot place on lab/hall: a worker of 1 core");
    assertThat(submit("--set", "resources.cpuFallback=true").exitCode()).isZero();
    assertThat(properties().has("spark.executor.resource.gpu.amount")).isFalse();
  }

  @Test
  void showsTheGpusOfThisMachine() throws IOException {
    Files.createDirectories(folder.resolve("bin"));
    sandbox.environment("PATH", folder.resolve("bin").toString());
    Result none = sandbox.zone("none", "gpus");
    assertThat(none.exitCode()).isEqualTo(4);
    assertThat(none.err())
        .isEqualTo(
            "zone: Cannot train on GPUs: nvidia-smi is not on the PATH of this machine: it has no NVIDIA driver\n");
    Path tool = folder.resolve("bin/nvidia-smi");
    Files.writeString(
        tool,
        "#!/bin/sh\necho '0, GPU-a, Tesla T4, 470.182.03, 15109, 15000, 7.5'\n"
            + "echo '1, GPU-b, NVIDIA H200, 550.54.15, 143771, 143000, 9.0'\n");
    Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwxr-xr-x"));
    Result two = sandbox.zone("none", "gpus");
    assertThat(two.exitCode()).isZero();
    assertThat(two.out())
        .startsWith(
            "GPU 0: Tesla T4, compute capability 7.5, driver 470.182.03, 15000 of 15109 MiB free\n");
    assertThat(two.err())
        .startsWith(
            "zone: Cannot train on GPU 1: compute capability 9.0 of NVIDIA H200 (expected 3.7");
    JsonObject json =
        JsonParser.parseString(sandbox.zone("none", "gpus", "-o", "json").out()).getAsJsonObject();
    assertThat(json.getAsJsonArray("gpus")).hasSize(2);
  }
}
