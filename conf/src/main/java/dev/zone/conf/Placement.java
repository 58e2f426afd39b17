package dev.zone.conf;

import dev.zone.conf.CentreSpec.LimitSpec;
import dev.zone.conf.CentreSpec.ShapeSpec;
import dev.zone.conf.PlanSpec.BackendSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether a centre can ever hold a job, by what its file says of its machines: what can never be is
 * refused at once instead of waited for.
 */
public final class Placement {
  private Placement() {}

  /**
   * Why a centre cannot hold a job, each reason worded {@code <asked> (expected …)}; none if it
   * can.
   *
   * @param backend what the job's workers compute with
   */
  public static List<String> objections(
      CentreSpec centre, ResourceSpec resources, BackendSpec backend) {
    List<String> objections = new ArrayList<>();
    Footprint worker = Footprint.ofWorker(resources.perWorker(), backend);
    int workers = resources.workers();
    limits(centre.limits(), resources, worker, objections);
    if (centre.machines().stream().noneMatch(shape -> placesOn(shape, worker) > 0)) {
      objections.add(
          "a worker of %s (expected what one machine has: %s)"
              .formatted(words(worker), shapes(centre.machines())));
      return objections;
    }
    long places = places(centre, worker, backend);
    if (places < workers) {
      objections.add(
          "%d workers of %s%s (expected at most %d, which is what the machines hold together: %s)"
              .formatted(
                  workers,
                  words(worker),
                  driverOnCluster(centre) ? " beside the driver" : "",
                  places,
                  shapes(centre.machines())));
    }
    return objections;
  }

  /** How many such workers a machine holds. */
  static long placesOn(ShapeSpec shape, Footprint worker) {
    long places =
        Math.min(shape.cores() / worker.cores(), shape.memory().bytes() / worker.memory().bytes());
    places = Math.min(places, shape.heapMemory().bytes() / worker.heap().bytes());
    int gpus = shape.gpus().map(CentreSpec.GpuSpec::count).orElse(0);
    return worker.gpus() == 0 ? places : Math.min(places, gpus / worker.gpus());
  }

  /** How many such workers all machines hold, the driver placed where it costs least. */
  private static long places(CentreSpec centre, Footprint worker, BackendSpec backend) {
    long all = 0;
    for (ShapeSpec shape : centre.machines()) {
      all += placesOn(shape, worker) * shape.count();
    }
    if (!driverOnCluster(centre)) {
      return all;
    }
    Footprint driver = Footprint.ofDriver(0, backend);
    long best = 0;
    for (ShapeSpec shape : centre.machines()) {
      if (placesOn(shape, driver) > 0) {
        best =
            Math.max(
                best, all - placesOn(shape, worker) + placesOn(without(shape, driver), worker));
      }
    }
    return best;
  }

  private static boolean driverOnCluster(CentreSpec centre) {
    return centre.deployMode() == CentreSpec.DeployMode.CLUSTER;
  }

  private static ShapeSpec without(ShapeSpec shape, Footprint driver) {
    return new ShapeSpec(
        shape.name(),
        1,
        shape.cores() - driver.cores(),
        new DataSize(shape.memory().bytes() - driver.memory().bytes()),
        shape
            .nativeMemory()
            .map(size -> new DataSize(Math.max(0, size.bytes() - driver.outside().bytes()))),
        shape.instructions(),
        shape.gpus());
  }

  private static void limits(
      LimitSpec limits, ResourceSpec resources, Footprint worker, List<String> objections) {
    long workers = resources.workers();
    limits
        .workers()
        .filter(limit -> workers > limit)
        .ifPresent(limit -> objections.add(over(workers + " workers", limit)));
    long cores = workers * resources.perWorker().cores();
    limits
        .cores()
        .filter(limit -> cores > limit)
        .ifPresent(limit -> objections.add(over(cores + " cores", limit)));
    long gpus = workers * worker.gpus();
    limits
        .gpus()
        .filter(limit -> gpus > limit)
        .ifPresent(limit -> objections.add(over(gpus + " GPUs", limit)));
    DataSize memory =
        new DataSize(Math.multiplyExact(workers, resources.perWorker().memory().bytes()));
    limits
        .memory()
        .filter(limit -> memory.compareTo(limit) > 0)
        .ifPresent(limit -> objections.add(over(memory + " of memory", limit)));
  }

  private static String over(String asked, Object limit) {
    return asked + " (expected at most " + limit + ", the centre's limit of a job)";
  }

  private static String words(Footprint worker) {
    return "%d %s and %d MiB%s"
        .formatted(
            worker.cores(),
            worker.cores() == 1 ? "core" : "cores",
            worker.memory().mebibytes(),
            worker.gpus() == 0
                ? ""
                : " and " + worker.gpus() + (worker.gpus() == 1 ? " GPU" : " GPUs"));
  }

  private static String shapes(List<ShapeSpec> machines) {
    List<String> words = new ArrayList<>();
    for (ShapeSpec shape : machines) {
      words.add(
          "%d %s with %d cores, %s%s"
              .formatted(
                  shape.count(),
                  shape.name(),
                  shape.cores(),
                  shape.memory(),
                  shape
                      .gpus()
                      .map(gpus -> ", " + gpus.count() + " " + gpus.model())
                      .orElse(", no GPU")));
    }
    return String.join("; ", words);
  }
}
