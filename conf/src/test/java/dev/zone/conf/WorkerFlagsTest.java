package dev.zone.conf;

import static dev.zone.conf.CentreSpec.Instructions.AVX512;
import static dev.zone.conf.CentreSpec.Instructions.PLAIN;
import static dev.zone.conf.TrainingSpec.Precision.BF16;
import static dev.zone.conf.TrainingSpec.Precision.FLOAT32;
import static java.util.Optional.empty;
import static java.util.Optional.of;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zone.conf.PlanSpec.BackendSpec;
import dev.zone.conf.ResourceSpec.ComputingSpec;
import java.util.Optional;
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
                PlanSpec.Device.CPU,
                true,
                false));
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
        .containsEntry("OPENBLAS_NUM_THREADS", "1")
        // The same last bits on every machine, whatever else its processor has.
        .containsEntry("ONEDNN_MAX_CPU_ISA", "AVX2");
  }

  @Test
  void leavesThePlainLibraryToItself() {
    BackendSpec plain =
        WorkerFlags.backend(
            new ResourceSpec.WorkerSpec(1, DataSize.parse("1g"), 0),
            FLOAT32,
            new CpuFeatures("aarch64", Set.of()));
    assertThat(WorkerFlags.jvm(plain, DataSize.parse("1g")))
        .noneMatch(flag -> flag.contains("extension"));
  }

  @Test
  void saysThatThePlainLibraryHasNoOneDnn() {
    BackendSpec plain = backend(new ComputingSpec(of(PLAIN), 1, true, empty()));
    assertThat(plain.oneDnn()).isFalse();
    assertThat(WorkerFlags.words(plain)).doesNotContain("oneDNN");
  }

  @Test
  void refusesAMachineWhoseProcessorCannotRunThePlansLibrary() {
    assertThatThrownBy(
            () ->
                WorkerFlags.requireRunnable(
                    backend("3g"), CpuFeatures.of(CentreSpec.Instructions.PLAIN)))
        .hasMessage(
            "Cannot compute with AVX2 on this machine: its processor has no vector instructions of its own (expected resources.perWorker.computing.instructions, or a centre's, that all its machines have)");
    WorkerFlags.requireRunnable(backend("3g"), CpuFeatures.of(CentreSpec.Instructions.AVX512));
  }

  @Test
  void computesAsACentreSaysUnlessTheJobDoes() {
    Optional<ComputingSpec> centres = of(new ComputingSpec(of(PLAIN), 2, false, empty()));
    ResourceSpec.WorkerSpec silent = new ResourceSpec.WorkerSpec(2, DataSize.parse("3g"), 0);
    assertThat(silent.computing(centres).computing()).isEqualTo(centres.get());
    assertThat(silent.computing(empty())).isEqualTo(silent);
    ComputingSpec own = new ComputingSpec(empty(), 2, true, empty());
    ResourceSpec.WorkerSpec saying = new ResourceSpec.WorkerSpec(2, DataSize.parse("3g"), 0, own);
    assertThat(saying.computing(centres).computing()).isEqualTo(own);
  }

  @Test
  void computesAsTheJobWantsWhereTheProcessorCan() {
    BackendSpec chosen =
        backend(new ComputingSpec(of(PLAIN), 3, false, of(DataSize.parse("700m"))));
    assertThat(chosen)
        .isEqualTo(
            new BackendSpec(
                "",
                3,
                DataSize.ofMebibytes(700),
                DataSize.ofMebibytes(1348),
                PlanSpec.Device.CPU,
                false,
                false));
    assertThat(WorkerFlags.jvm(chosen, DataSize.parse("2g")))
        .contains("-Dorg.eclipse.deeplearning4j.helpers.disable=true");
    assertThat(WorkerFlags.environment(chosen)).containsEntry("OMP_NUM_THREADS", "3");
    assertThat(WorkerFlags.words(chosen))
        .isEqualTo(
            "no vector instructions of its own, 3 threads, 700 MiB of heap and 1348 MiB for arrays each");
    assertThat(WorkerFlags.words(backend("3g")))
        .isEqualTo("AVX2 and oneDNN, 1 thread, 1024 MiB of heap and 2048 MiB for arrays each");
  }

  @Test
  void trainsInBf16WhereProcessorsMultiplyIt() {
    BackendSpec backend = bf16(CentreSpec.Instructions.AVX512BF16);
    assertThat(WorkerFlags.environment(backend))
        .containsEntry("ONEDNN_MAX_CPU_ISA", "AVX512_CORE_BF16");
    assertThat(WorkerFlags.words(backend)).startsWith("AVX-512 with bf16 and oneDNN, 1 thread, ");
    WorkerFlags.requireRunnable(backend, CpuFeatures.of(CentreSpec.Instructions.AVX512BF16));
    assertThatThrownBy(() -> bf16(AVX512))
        .hasMessage(
            "Cannot train with training.precision: bf16: processors have AVX-512 (expected float32, or AVX512_BF16, which a centre has with instructions: avx512bf16)");
    CpuFeatures cpu = CpuFeatures.of(CentreSpec.Instructions.AVX512BF16);
    assertThatThrownBy(() -> bf16(1, new ComputingSpec(empty(), 1, true, empty()), cpu))
        .hasMessage(
            "Cannot train with training.precision: bf16: workers have GPUs (expected float32, or resources.perWorker.gpus: 0)");
    assertThatThrownBy(() -> bf16(0, new ComputingSpec(of(AVX512), 1, true, empty()), cpu))
        .hasMessage(
            "Cannot train with training.precision: bf16: workers are to compute with AVX-512 (expected float32, or computing.instructions: avx512bf16, or none)");
    assertThat(
            bf16(
                    0,
                    new ComputingSpec(of(CentreSpec.Instructions.AVX512BF16), 1, true, empty()),
                    cpu)
                .bf16())
        .isTrue();
    assertThatThrownBy(() -> WorkerFlags.requireRunnable(backend, CpuFeatures.of(AVX512)))
        .hasMessage(
            "Cannot train in bf16 on this machine: its processor has no AVX512_BF16 (expected training.precision: float32, or machines that all have it)");
  }

  private static BackendSpec bf16(CentreSpec.Instructions instructions) {
    return bf16(0, new ComputingSpec(empty(), 1, true, empty()), CpuFeatures.of(instructions));
  }

  private static BackendSpec bf16(int gpus, ComputingSpec computing, CpuFeatures cpu) {
    return WorkerFlags.backend(
        new ResourceSpec.WorkerSpec(1, DataSize.parse("2g"), gpus, computing), BF16, cpu);
  }

  @Test
  void refusesWhatTheMachinesDoNotHave() {
    assertThatThrownBy(() -> backend(new ComputingSpec(of(AVX512), 1, true, empty())))
        .hasMessage(
            "Cannot compute with AVX-512: the processor has AVX2 (expected resources.perWorker.computing.instructions that it has, or none)");
    assertThatThrownBy(
            () ->
                WorkerFlags.backend(
                    new ResourceSpec.WorkerSpec(
                        1,
                        DataSize.parse("2g"),
                        0,
                        new ComputingSpec(
                            of(CentreSpec.Instructions.AVX512BF16), 1, true, empty())),
                    FLOAT32,
                    CpuFeatures.of(AVX512)))
        .hasMessageStartingWith(
            "Cannot compute with AVX-512 and AVX512_BF16: the processor has AVX-512 (expected ");
    assertThatThrownBy(() -> backend(new ComputingSpec(empty(), 1, true, of(DataSize.parse("2g")))))
        .hasMessageContaining("Cannot give a worker a heap of 2g");
  }

  private static BackendSpec backend(ComputingSpec computing) {
    return WorkerFlags.backend(
        new ResourceSpec.WorkerSpec(1, DataSize.parse("2g"), 0, computing),
        FLOAT32,
        new CpuFeatures("amd64", Set.of("avx2", "fma", "f16c", "bmi2")));
  }

  private static BackendSpec backend(String memory) {
    return WorkerFlags.backend(
        new ResourceSpec.WorkerSpec(1, DataSize.parse(memory), 0), FLOAT32, AVX2);
  }
}
