package dev.zone.jobs.engine.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.zone.conf.CpuFeatures;
import dev.zone.conf.DataSize;
import dev.zone.conf.PlanSpec.BackendSpec;
import dev.zone.conf.ResourceSpec;
import dev.zone.conf.TrainingSpec;
import dev.zone.conf.WorkerFlags;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** oneDNN, revived by the flags of a worker, computes what DL4J's plain path computes. */
class HelperAgreementTest {
  @TempDir private Path folder;

  @Test
  void givesTheSameGradientsAsThePlainPath() throws IOException, InterruptedException {
    CpuFeatures cpu = CpuFeatures.detect();
    assumeFalse(cpu.nativeExtension().isEmpty(), "no build with oneDNN for this processor");
    BackendSpec backend =
        WorkerFlags.backend(
            new ResourceSpec.WorkerSpec(1, DataSize.parse("2g"), 0),
            TrainingSpec.Precision.FLOAT32,
            cpu);
    ByteBuffer helped = run("helped", WorkerFlags.jvm(backend, DataSize.parse("3g")));
    ByteBuffer plain = run("plain", List.of("-Dorg.eclipse.deeplearning4j.helpers.disable=true"));

    assertThat(plain.getInt()).as("layers with a helper").isZero();
    // Two convolutions, two normalisations, two poolings.
    assertThat(helped.getInt()).as("layers with a helper").isEqualTo(6);
    assertThat(helped.remaining()).isEqualTo(plain.remaining()).isGreaterThan(4000);
    double worst = 0;
    double largest = 0;
    while (plain.hasRemaining()) {
      float expected = plain.getFloat();
      worst = Math.max(worst, Math.abs((double) helped.getFloat() - expected));
      largest = Math.max(largest, Math.abs(expected));
    }
    assertThat(worst / largest).as("largest difference over largest gradient").isLessThan(1e-5);
  }

  private ByteBuffer run(String name, List<String> flags) throws IOException, InterruptedException {
    Path file = folder.resolve(name);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx512m");
    command.addAll(flags);
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), HelperGradients.class.getName()));
    command.add(file.toString());
    File log = folder.resolve(name + ".log").toFile();
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log);
    builder.environment().put("OMP_NUM_THREADS", "1");
    Process process = builder.start();
    boolean ended = process.waitFor(3, TimeUnit.MINUTES);
    process.destroyForcibly();
    assertThat(ended).as("ended in time").isTrue();
    assertThat(process.exitValue()).as(Files.readString(log.toPath())).isZero();
    return ByteBuffer.wrap(Files.readAllBytes(file));
  }
}
