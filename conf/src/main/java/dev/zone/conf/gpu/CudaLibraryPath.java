package dev.zone.conf.gpu;

import dev.zone.conf.Cuda;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a process that trains on a GPU finds the libraries of CUDA that are installed on a machine:
 * the folders of {@code LD_LIBRARY_PATH}, those that ND4J's library names itself, and those where
 * distributions of Linux and NVIDIA's packages install them.
 */
public final class CudaLibraryPath {
  /** What to say behind the name of one that is missing. */
  public static final String EXPECTED =
      " is not installed (expected CUDA 11's libraries in LD_LIBRARY_PATH or /usr/local/cuda-11.6,"
          + " or cudaLibraries: bundled)";

  private static final List<String> USUAL =
      List.of(
          "/usr/local/cuda-" + Cuda.VERSION + "/lib64",
          "/usr/local/cuda-11/lib64",
          "/usr/local/cuda/lib64",
          "/usr/lib/x86_64-linux-gnu",
          "/usr/lib64",
          "/usr/lib");

  private final List<Path> folders = new ArrayList<>();

  /**
   * @param variable what {@code LD_LIBRARY_PATH} says; empty if nothing
   */
  public CudaLibraryPath(String variable) {
    for (String folder : variable.split(File.pathSeparator)) {
      if (!folder.isEmpty()) {
        folders.add(Path.of(folder));
      }
    }
    USUAL.forEach(folder -> folders.add(Path.of(folder)));
  }

  /** Those of {@link Cuda#LIBRARIES} that are in none of the folders. */
  public List<String> missing() {
    return Cuda.LIBRARIES.stream()
        .filter(name -> folders.stream().noneMatch(folder -> Files.exists(folder.resolve(name))))
        .toList();
  }
}
