package dev.zone.conf.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zone.conf.DataSize;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NvidiaSmiTest {
  @TempDir private Path folder;

  /** What a machine's tool prints. */
  private static String recorded(String name) throws IOException {
    try (InputStream in = NvidiaSmiTest.class.getResourceAsStream("/nvidia-smi/" + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** A tool that does what a script says. */
  private NvidiaSmi tool(String script) throws IOException {
    Path file = folder.resolve("nvidia-smi");
    Files.writeString(file, "#!/bin/sh\n" + script);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    return new NvidiaSmi("/nowhere:" + folder);
  }

  @Test
  void readsWhatTheDriverSaysOfEachGpu() throws IOException {
    Files.writeString(folder.resolve("out"), recorded("a100.csv"));
    NvidiaSmi.Answer answer = tool("cat " + folder.resolve("out")).ask();
    assertThat(answer.failure()).isEmpty();
    assertThat(answer.gpus()).hasSize(2);
    assertThat(answer.gpu("1"))
        .contains(
            new Gpu(
                1,
                "GPU-0d9d2f6c-3b7e-4a43-9a55-8f52f6f1c7d2",
                "NVIDIA A100-SXM4-80GB",
                Optional.of("8.0"),
                "535.104.05",
                DataSize.ofMebibytes(81920),
                DataSize.ofMebibytes(512)));
    assertThat(answer.gpu("2")).isEmpty();
  }

  @Test
  void knowsTheCapabilityOfAModelWhereTheDriverDoesNot() throws IOException {
    Files.writeString(folder.resolve("out"), recorded("old-driver.csv"));
    NvidiaSmi.Answer answer =
        tool("case $1 in *compute_cap*) echo 'Field \"compute_cap\" is not a valid field to"
                + " query.'; exit 2;; esac\ncat "
                + folder.resolve("out"))
            .ask();
    assertThat(answer.gpus())
        .singleElement()
        .satisfies(gpu -> assertThat(gpu.computeCapability()).contains("7.0"));
  }

  @Test
  void saysWhyNothingIsKnown() throws IOException {
    assertThat(new NvidiaSmi(folder.toString()).ask().failure())
        .contains("nvidia-smi is not on the PATH of this machine: it has no NVIDIA driver");
    Files.writeString(folder.resolve("out"), recorded("no-driver.txt"));
    assertThat(tool("cat " + folder.resolve("out") + "; exit 9").ask().failure().orElseThrow())
        .startsWith("nvidia-smi says: NVIDIA-SMI has failed because it couldn't communicate");
    assertThat(tool("echo No devices were found; exit 0").ask().failure())
        .contains("nvidia-smi says: No devices were found");
    assertThat(tool("exit 0").ask().failure()).contains("nvidia-smi shows no GPU");
  }

  @Test
  void findsWhatKeepsAGpuFromTraining() throws IOException {
    DataSize needed = DataSize.ofMebibytes(1000);
    List<Gpu> a100 = NvidiaSmi.parse(recorded("a100.csv")).gpus();
    assertThat(GpuPreflight.problems(a100.get(0), needed)).isEmpty();
    assertThat(GpuPreflight.problems(a100.get(1), needed))
        .containsExactly(
            "512 of 81920 MiB of memory free (expected about 1600 MiB for this training; others use the rest)");
    assertThat(GpuPreflight.problems(NvidiaSmi.parse(recorded("h100.csv")).gpus().get(0), needed))
        .containsExactly(
            "compute capability 9.0 of NVIDIA H100 80GB HBM3 (expected 3.7 or 5.0 to 8.9: ND4J"
                + " 1.0.0-M2.1's library for CUDA 11.6 holds code for 3.7, 5.0, 5.2, 6.0, 6.1, 7.0,"
                + " 7.5, 8.0 and 8.6 and no PTX, so newer GPUs such as Hopper and Blackwell cannot"
                + " run it; describe such machines without gpus, and jobs train on their CPUs)");
    assertThat(
            GpuPreflight.problems(
                NvidiaSmi.parse(recorded("old-driver.csv")).gpus().get(0), needed))
        .containsExactly("driver 418.67 (expected 450.80.02 or newer, for CUDA 11.6)");
  }

  @Test
  void findsTheLibrariesOfCudaWhereTheLoaderDoes() throws IOException {
    assertThat(new CudaLibraryPath(folder.toString()).missing())
        .isSubsetOf("libcublas.so.11", "libcusolver.so.11");
    Files.createFile(folder.resolve("libcublas.so.11"));
    Files.createFile(folder.resolve("libcusolver.so.11"));
    assertThat(new CudaLibraryPath("/nowhere:" + folder).missing()).isEmpty();
  }
}
