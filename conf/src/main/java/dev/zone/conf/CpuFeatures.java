package dev.zone.conf;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What this machine's processor can do, as far as it decides which native library a worker loads.
 *
 * @param architecture as Java names it, such as {@code amd64}
 * @param flags as Linux names them, such as {@code avx2}; empty on other systems
 */
public record CpuFeatures(String architecture, Set<String> flags) {
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
  private static final Set<String> AVX2 = Set.of("avx2", "fma", "f16c", "bmi2");
  private static final Set<String> AVX512 =
      Set.of("avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl");
  private static final String BF16 = "avx512_bf16";

  public CpuFeatures {
    flags = Set.copyOf(flags);
  }

  /** Of this machine. */
  public static CpuFeatures detect() {
    String architecture = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    if (!Files.isReadable(CPU_INFO)) {
      return new CpuFeatures(architecture, Set.of());
    }
    try {
      return parse(architecture, Files.readString(CPU_INFO));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + CPU_INFO, e);
    }
  }

  /** Of x86-64 machines that have these vector instructions and those before them. */
  public static CpuFeatures of(CentreSpec.Instructions instructions) {
    Set<String> flags = new TreeSet<>();
    if (instructions.compareTo(CentreSpec.Instructions.AVX2) >= 0) {
      flags.addAll(AVX2);
    }
    if (instructions.compareTo(CentreSpec.Instructions.AVX512) >= 0) {
      flags.addAll(AVX512);
    }
    if (instructions.compareTo(CentreSpec.Instructions.AVX512BF16) >= 0) {
      flags.add(BF16);
    }
    return new CpuFeatures("amd64", flags);
  }

  /** From the text of {@code /proc/cpuinfo}; what all its processors have. */
  static CpuFeatures parse(String architecture, String cpuInfo) {
    Set<String> common =
        cpuInfo
            .lines()
            .filter(line -> line.startsWith("flags") || line.startsWith("Features"))
            .map(line -> line.substring(line.indexOf(':') + 1).trim().split("\\s+"))
            .map(names -> Arrays.stream(names).collect(Collectors.toCollection(TreeSet::new)))
            .reduce(
                (a, b) -> {
                  a.retainAll(b);
                  return a;
                })
            .orElseGet(TreeSet::new);
    return new CpuFeatures(architecture, common);
  }

  /**
   * The build of ND4J's native library that suits the processor, as JavaCPP's property {@code
   * org.bytedeco.javacpp.platform.extension} names it: {@code -onednn-avx512}, {@code
   * -onednn-avx2}, or nothing for the plain build. Left to itself JavaCPP takes the first it finds,
   * which may not run here.
   */
  public String nativeExtension() {
    if (!hasAvx2()) {
      return "";
    }
    return flags.containsAll(AVX512) ? "-onednn-avx512" : "-onednn-avx2";
  }

  /**
   * Whether the processor has every instruction that a build of the native library uses.
   *
   * @param extension as {@link #nativeExtension} names builds
   */
  public boolean canRun(String extension) {
    return extension.endsWith("avx512")
        ? hasAvx2() && flags.containsAll(AVX512)
        : !extension.endsWith("avx2") || hasAvx2();
  }

  /** Whether the processor multiplies bfloat16 numbers. */
  public boolean hasBf16() {
    return hasAvx2() && flags.containsAll(AVX512) && flags.contains(BF16);
  }

  private boolean hasAvx2() {
    return (architecture.equals("amd64") || architecture.equals("x86_64"))
        && flags.containsAll(AVX2);
  }
}
