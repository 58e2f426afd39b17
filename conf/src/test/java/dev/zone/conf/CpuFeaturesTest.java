package dev.zone.conf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CpuFeaturesTest {
  private static final String AVX2 = "fpu sse4_2 avx avx2 fma f16c bmi1 bmi2";
  private static final String AVX512 =
      AVX2 + " avx512f avx512cd avx512bw avx512dq avx512vl avx512_vnni";

  @Test
  void picksTheBuildThatTheProcessorCanRun() {
    assertThat(extension("amd64", AVX512)).isEqualTo("-onednn-avx512");
    assertThat(extension("amd64", AVX2)).isEqualTo("-onednn-avx2");
    assertThat(extension("amd64", "fpu sse4_2 avx")).isEmpty();
    assertThat(extension("aarch64", AVX2)).isEmpty();
  }

  @Test
  void countsOnWhatAllProcessorsHaveOnly() {
    String mixed = "processor\t: 0\nflags\t\t: %s\n\nprocessor\t: 1\nflags\t\t: %s\n";
    assertThat(CpuFeatures.parse("amd64", mixed.formatted(AVX512, AVX2)).nativeExtension())
        .isEqualTo("-onednn-avx2");
  }

  @Test
  void saysWhichBuildsTheProcessorCanRun() {
    CpuFeatures avx2 = CpuFeatures.parse("amd64", "flags\t\t: " + AVX2 + "\n");
    assertThat(Stream.of("", "-compat", "-onednn", "-avx2", "-onednn-avx2").allMatch(avx2::canRun))
        .isTrue();
    assertThat(Stream.of("-avx512", "-onednn-avx512").anyMatch(avx2::canRun)).isFalse();
    CpuFeatures avx512 = CpuFeatures.parse("amd64", "flags\t\t: " + AVX512 + "\n");
    assertThat(avx512.canRun("-onednn-avx512")).isTrue();
    assertThat(new CpuFeatures("aarch64", Set.of()).canRun("-onednn-avx2")).isFalse();
    assertThat(avx512.hasBf16()).isFalse();
    assertThat(CpuFeatures.parse("amd64", "flags\t\t: " + AVX512 + " avx512_bf16\n").hasBf16())
        .isTrue();
  }

  @Test
  void knowsSomethingOfThisMachine() {
    assertThat(CpuFeatures.detect().architecture()).isNotEmpty();
    assertThat(CpuFeatures.detect().nativeExtension()).isIn("", "-onednn-avx2", "-onednn-avx512");
  }

  private static String extension(String architecture, String flags) {
    return CpuFeatures.parse(architecture, "processor\t: 0\nflags\t\t: " + flags + "\n")
        .nativeExtension();
  }
}
