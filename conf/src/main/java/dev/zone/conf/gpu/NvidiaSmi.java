package dev.zone.conf.gpu;

import dev.zone.conf.Cuda;
import dev.zone.conf.DataSize;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Asks NVIDIA's driver, through its tool {@code nvidia-smi}, which GPUs a machine has. */
public final class NvidiaSmi {
  /** A driver that keeps no state between programs takes seconds a GPU to wake. */
  private static final int LIMIT_SECONDS = 60;

  private static final int MOST_BYTES = 1 << 16;
  private static final String FIELDS = "index,uuid,name,driver_version,memory.total,memory.free";
  private static final String CAPABILITY = ",compute_cap";
  private static final int COLUMNS = 6;

  private final String path;

  /** The one that is on this process's {@code PATH}. */
  public NvidiaSmi() {
    this(System.getenv().getOrDefault("PATH", ""));
  }

  /**
   * @param path folders to find it in, as {@code PATH} names them
   */
  public NvidiaSmi(String path) {
    this.path = path;
  }

  /**
   * What was found.
   *
   * @param failure why nothing could be found out, for people; empty if it could
   */
  public record Answer(List<Gpu> gpus, Optional<String> failure) {
    public Answer {
      gpus = List.copyOf(gpus);
    }

    /** The GPU of an index. */
    public Optional<Gpu> gpu(String index) {
      return gpus.stream().filter(gpu -> Integer.toString(gpu.index()).equals(index)).findFirst();
    }
  }

  /** Asks. Never throws: a machine without a driver is an answer. */
  public Answer ask() {
    Optional<String> program = program();
    if (program.isEmpty()) {
      return failed("nvidia-smi is not on the PATH of this machine: it has no NVIDIA driver");
    }
    try {
      Output output = run(program.get(), FIELDS + CAPABILITY);
      if (output.text().contains("is not a valid field")) {
        // Drivers before 495 do not know the capability.
        output = run(program.get(), FIELDS);
      }
      return output.exitCode() == 0
          ? parse(output.text())
          : failed("nvidia-smi says: " + firstLine(output.text()));
    } catch (IOException e) {
      return failed("nvidia-smi cannot be run: " + e.getMessage());
    }
  }

  private Optional<String> program() {
    for (String folder : path.split(File.pathSeparator)) {
      Path file = Path.of(folder, "nvidia-smi");
      if (!folder.isEmpty() && Files.isExecutable(file)) {
        return Optional.of(file.toString());
      }
    }
    return Optional.empty();
  }

  private static Answer failed(String why) {
    return new Answer(List.of(), Optional.of(why));
  }

  private record Output(int exitCode, String text) {}

  private static Output run(String program, String fields) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(program, "--query-gpu=" + fields, "--format=csv,noheader,nounits")
            .redirectErrorStream(true);
    builder.environment().put("LC_ALL", "C");
    Process process = builder.start();
    process.getOutputStream().close();
    CompletableFuture<byte[]> text =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return process.getInputStream().readNBytes(MOST_BYTES);
              } catch (IOException e) {
                return new byte[0];
              }
            });
    try {
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return new Output(-1, "nothing within " + LIMIT_SECONDS + " s");
      }
      return new Output(process.exitValue(), new String(text.join(), StandardCharsets.UTF_8));
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      return new Output(-1, "it was interrupted");
    }
  }

  /** From lines of the fields, separated by commas; names have none. */
  static Answer parse(String text) {
    List<Gpu> gpus = new ArrayList<>();
    for (String line : text.lines().filter(one -> !one.isBlank()).toList()) {
      String[] fields = line.strip().split("\\s*,\\s*", -1);
      if (fields.length < COLUMNS || !fields[0].matches("[0-9]{1,4}")) {
        return failed("nvidia-smi says: " + firstLine(line));
      }
      gpus.add(
          new Gpu(
              Integer.parseInt(fields[0]),
              fields[1],
              fields[2],
              capability(fields),
              fields[3],
              mebibytes(fields[4]),
              mebibytes(fields[5])));
    }
    return gpus.isEmpty() ? failed("nvidia-smi shows no GPU") : new Answer(gpus, Optional.empty());
  }

  private static Optional<String> capability(String[] fields) {
    return fields.length > COLUMNS && fields[COLUMNS].matches("[0-9]{1,2}\\.[0-9]")
        ? Optional.of(fields[COLUMNS])
        : Cuda.capabilityOf(fields[2]);
  }

  private static DataSize mebibytes(String text) {
    return DataSize.ofMebibytes(text.matches("[0-9]{1,9}") ? Long.parseLong(text) : 0);
  }

  private static String firstLine(String text) {
    String line = text.lines().filter(one -> !one.isBlank()).findFirst().orElse("nothing").strip();
    return line.length() > 200 ? line.substring(0, 200) + "…" : line;
  }
}
