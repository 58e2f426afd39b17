package dev.zone.jobs.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.zone.conf.CpuFeatures;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The library as processes find it: on a machine without it, and held to fewer instructions. */
@Timeout(120)
class LibraryTest {
  private static List<String> apart(String classPath, String instructions) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            classPath,
            Apart.class.getName());
    builder.environment().put("ONEDNN_MAX_CPU_ISA", instructions);
    builder.environment().put("OMP_NUM_THREADS", "1");
    Process process = builder.redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return out.lines().toList();
  }

  private static String line(List<String> out, String name) {
    return out.stream()
        .filter(line -> line.startsWith(name + ": "))
        .findFirst()
        .orElseThrow(() -> new AssertionError(out));
  }

  private static String classPath() {
    return System.getProperty("java.class.path");
  }

  @Test
  void leavesTheNetworkToDl4jWhereItIsMissing() throws Exception {
    String without =
        Arrays.stream(classPath().split(File.pathSeparator))
            .filter(entry -> !entry.matches(".*/dnnl-[^/]*-linux-[^/]*\\.jar"))
            .collect(Collectors.joining(File.pathSeparator));
    assertThat(without).isNotEqualTo(classPath());
    List<String> out = apart(without, "AVX2");
    assertThat(line(out, "engine")).startsWith("engine: dl4j, because oneDNN cannot be loaded: ");
    // Who is told to use it nevertheless is told what is wrong.
    assertThat(out)
        .anyMatch(
            said ->
                said.contains("Cannot compute with oneDNN: oneDNN cannot be loaded: ")
                    && said.contains("(expected training.engine: dl4j, or machines that can)"));
  }

  @Test
  void usesTheInstructionsThatThePlanPins() throws Exception {
    assumeThat(CpuFeatures.detect().nativeExtension()).isNotEmpty();
    List<String> first = apart(classPath(), "AVX2");
    assertThat(line(first, "engine")).startsWith("engine: onednn");
    assertThat(line(first, "instructions")).isEqualTo("instructions: avx2");
    assertThat(line(apart(classPath(), "AVX2"), "gradient")).isEqualTo(line(first, "gradient"));
    List<String> fewer = apart(classPath(), "SSE41");
    assertThat(line(fewer, "instructions")).isEqualTo("instructions: sse41");
    assertThat(line(fewer, "gradient")).isNotEqualTo(line(first, "gradient"));
  }
}
