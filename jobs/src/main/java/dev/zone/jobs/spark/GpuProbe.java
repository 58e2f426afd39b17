package dev.zone.jobs.spark;

import dev.zone.conf.DataSize;
import dev.zone.conf.gpu.CudaLibraryPath;
import dev.zone.conf.gpu.Gpu;
import dev.zone.conf.gpu.GpuPreflight;
import dev.zone.conf.gpu.NvidiaSmi;
import dev.zone.datasets.storage.Storage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Looks at the GPUs that a cluster gives, on the machines that have them, and trains nothing: an
 * application that {@code zone conf check --connect} submits. It loads nothing of ND4J's.
 *
 * <p>{@code FOLDER GPUS site|bundled}: it asks for so many GPUs, waits a while for those that are
 * free, and leaves a line for each in the folder's file {@code gpus}, which is there once it is
 * whole: host, number, name and what is wrong, with tabs between and several problems with tabs
 * too.
 */
public final class GpuProbe {
  private static final long WAIT_NANOS = TimeUnit.SECONDS.toNanos(60);

  private GpuProbe() {}

  public static void main(String[] args) throws IOException {
    if (args.length != 3 || !args[1].matches("[1-9][0-9]{0,5}")) {
      System.err.println("Cannot start: expected FOLDER GPUS site|bundled");
      System.exit(2);
    }
    boolean site = args[2].equals("site");
    SparkConf conf = new SparkConf();
    SparkStage.addSecret(conf);
    try (JavaSparkContext spark = new JavaSparkContext(conf)) {
      int places = places(spark, Integer.parseInt(args[1]));
      List<Integer> tasks = IntStream.range(0, places).boxed().toList();
      List<String> lines =
          places == 0
              ? List.of()
              : spark.parallelize(tasks, places).map(task -> look(site)).collect();
      try (Storage folder = WorkFolders.storage(args[0])) {
        String text = lines.stream().map(line -> line + "\n").collect(Collectors.joining());
        folder.create("gpus", text.getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  /** How many executors came, each of which has a GPU of its own; all, or as many as are free. */
  private static int places(JavaSparkContext spark, int wanted) {
    long until = System.nanoTime() + WAIT_NANOS;
    int places = 0;
    while (places < wanted && System.nanoTime() < until) {
      places =
          spark
              .sc()
              .maxNumConcurrentTasks(spark.sc().resourceProfileManager().defaultResourceProfile());
      LockSupport.parkNanos(50_000_000L);
    }
    return places;
  }

  /** On an executor. */
  private static String look(boolean site) {
    String address = TaskContext.get().resourcesJMap().get("gpu").addresses()[0];
    NvidiaSmi.Answer answer = new NvidiaSmi().ask();
    Optional<Gpu> gpu = answer.gpu(address);
    List<String> fields = new ArrayList<>();
    fields.add(SparkEnv.get().blockManager().blockManagerId().host());
    fields.add(address);
    fields.add(gpu.map(Gpu::name).orElse("unknown"));
    if (answer.failure().isPresent()) {
      fields.add(answer.failure().get());
    } else if (gpu.isEmpty()) {
      fields.add("nvidia-smi shows no such GPU");
    }
    gpu.ifPresent(one -> fields.addAll(GpuPreflight.problems(one, new DataSize(0))));
    if (site) {
      String path = System.getenv().getOrDefault("LD_LIBRARY_PATH", "");
      new CudaLibraryPath(path)
          .missing()
          .forEach(name -> fields.add(name + CudaLibraryPath.EXPECTED));
    }
    return String.join("\t", fields);
  }
}
