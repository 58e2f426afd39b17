package dev.zone.conf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zone.conf.PlanSpec.BackendSpec;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WorkerFlagsTest {
  private static final CpuFeatures AVX2 =
      new CpuFeatures("amd64", Set.of("avx2", "fma", "f16c", "bmi2"));

  @Test
  void sharesAWorkersMemoryBetweenHeapAndArrays() {
    assertThat(backend("3g"))
        .isEqualTo(
            new BackendSpec(
                "-onednn-avx2",
                1,
                DataSize.ofMebibytes(1024),
                DataSize.ofMebibytes(2048),
                PlanSpec.Device.CPU));
    assertThat(backend("600m").heap()).isEqualTo(DataSize.ofMebibytes(512));
    assertThat(backend("100g").heap()).isEqualTo(DataSize.ofMebibytes(4096));
  }

  @Test
  void startsAWorkerWithItsLibraryOneThreadAndABound() {
    assertThat(WorkerFlags.jvm(backend("3g"), DataSize.parse("4g")))
        .contains(
            "-Dorg.bytedeco.javacpp.platform.extension=-onednn-avx2",
            "-Dorg.eclipse.deeplearning4j.helpers.disable=false",
            "-Dorg.bytedeco.javacpp.maxphysicalbytes=4096m");
    assertThat(WorkerFlags.environment(backend("3g")))
        .containsEntry("OMP_NUM_THREADS", "1")
        .containsEntry("OPENBLAS_NUM_THREADS", "1");
  }

  @Test
  void leavesThePlainLibraryToItself() {
    BackendSpec plain =
        WorkerFlags.backend(
            new ResourceSpec.WorkerSpec(1, DataSize.parse("1g"), 0),
            new CpuFeatures("aarch64", Set.of()));
    assertThat(WorkerFlags.jvm(plain, DataSize.parse("1g")))
        .noneMatch(flag -> flag.contains("extension"));
  }

  private static BackendSpec backend(String memory) {
    return WorkerFlags.backend(new ResourceSpec.WorkerSpec(1, DataSize.parse(memory), 0), AVX2);
  }
}
