package dev.zone.launcher.submit;

import dev.zone.conf.DataSize;
import dev.zone.conf.Footprint;
import dev.zone.conf.PlanSpec;
import dev.zone.conf.PlanSpec.BackendSpec;
import dev.zone.conf.WorkerFlags;
import dev.zone.launcher.zones.Centre;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What driver and executors of an application are started with, wherever they run. */
final class ApplicationSettings {
  /** Logging by the application's own configuration, which is on the class path. */
  static final String LOGGING = "-Dlog4j2.configurationFile=classpath:zone-log4j2.properties";

  private ApplicationSettings() {}

  /**
   * Spark's settings for any application: few services, quick to start; over them what the centre's
   * zone file says.
   */
  static Map<String, String> common(Optional<Centre> centre) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("spark.ui.enabled", "false");
    settings.put("spark.ui.showConsoleProgress", "false");
    settings.put("spark.eventLog.enabled", "false");
    settings.put("spark.metrics.staticSources.enabled", "false");
    settings.put("spark.locality.wait", "0s");
    // A barrier stage that comes before its executors looks again after this, not after 15 s.
    settings.put("spark.scheduler.barrier.maxConcurrentTasksCheck.interval", "1s");
    settings.put("spark.scheduler.barrier.maxConcurrentTasksCheck.maxFailures", "120");
    centre.ifPresent(at -> settings.putAll(at.spec().spark()));
    return settings;
  }

  /** Logging into the run's folder, where logs outlive the cluster's own folders. */
  static List<String> loggingTo(String folder, String name) {
    Path logs = Path.of(folder, "logs");
    return List.of(
        LOGGING,
        "-Dzone.log=" + logs.resolve(name + ".log"),
        "-XX:ErrorFile=" + logs.resolve(name + "-crash.log"));
  }

  /**
   * Settings of an application whose driver the cluster runs, but for what each kind of cluster has
   * of its own.
   *
   * @param driverLogging flags that say where the driver's log goes
   * @param executorLogging the same of executors
   */
  static Map<String, String> inCluster(
      Launch launch, List<String> driverLogging, List<String> executorLogging) {
    PlanSpec plan = launch.plan();
    Footprint driver = Footprint.ofDriver(0, plan.backend());
    Map<String, String> settings = common(Optional.of(launch.centre()));
    settings.putAll(executors(plan));
    settings.put("spark.driver.cores", Integer.toString(driver.cores()));
    settings.put("spark.driver.memory", driver.heap().mebibytes() + "m");
    List<String> driverFlags = new ArrayList<>(driverFlags(plan.backend(), driver.memory()));
    driverFlags.addAll(driverLogging);
    settings.put("spark.driver.extraJavaOptions", String.join(" ", driverFlags));
    List<String> executorFlags = new ArrayList<>(executorFlags(plan));
    executorFlags.addAll(executorLogging);
    settings.put("spark.executor.extraJavaOptions", String.join(" ", executorFlags));
    return settings;
  }

  /**
   * Variables of drivers and executors that the cluster starts.
   *
   * @param cache folder for prepared data, as they see it
   */
  static Map<String, String> environment(Launch launch, String cache) {
    Map<String, String> environment = new LinkedHashMap<>(launch.centre().spec().environment());
    environment.putAll(WorkerFlags.environment(launch.plan().backend()));
    environment.put("ZONE_CACHE", cache);
    return environment;
  }

  /** What each executor has, which holds one worker. */
  static Map<String, String> executors(PlanSpec plan) {
    Footprint worker = Footprint.ofWorker(plan.job().resources().perWorker(), plan.backend());
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("spark.executor.memory", worker.heap().mebibytes() + "m");
    settings.put("spark.executor.memoryOverhead", worker.outside().mebibytes() + "m");
    settings.put("spark.executor.cores", Integer.toString(worker.cores()));
    settings.put("spark.task.cpus", Integer.toString(worker.cores()));
    settings.put("spark.cores.max", Integer.toString(worker.cores() * plan.workers()));
    if (worker.gpus() > 0) {
      String amount = Integer.toString(worker.gpus());
      settings.put("spark.executor.resource.gpu.amount", amount);
      settings.put("spark.task.resource.gpu.amount", amount);
    }
    WorkerFlags.environment(plan.backend())
        .forEach((key, value) -> settings.put("spark.executorEnv." + key, value));
    return settings;
  }

  /**
   * Settings by which executors find out which GPUs their containers have, where the cluster does
   * not say; none without GPUs.
   */
  static Map<String, String> discovery(int gpus) {
    return gpus == 0
        ? Map.of()
        : Map.of("spark.resources.discoveryPlugin", "dev.zone.jobs.spark.GpuDiscovery");
  }

  /** Flags of an executor's JVM. */
  static List<String> executorFlags(PlanSpec plan) {
    Footprint worker = Footprint.ofWorker(plan.job().resources().perWorker(), plan.backend());
    // With Java's default collector: one whose heap is full then says so before it is gone.
    return WorkerFlags.jvm(plan.backend(), worker.memory());
  }

  /** Flags of the driver's JVM but for the heap. */
  static List<String> driverFlags(BackendSpec backend, DataSize process) {
    List<String> flags = new ArrayList<>();
    // Training threads keep the cores busy: collections that stop them all for a short while cost
    // less than ones that run beside them.
    flags.add("-XX:+UseParallelGC");
    // Of a size that does not change: the collector would let it grow over minutes of training.
    flags.addAll(List.of("-XX:-UseAdaptiveSizePolicy", "-Xmn128m"));
    // Spark's and DL4J's classes need as much: growing there costs three full collections.
    flags.add("-XX:MetaspaceSize=192m");
    flags.addAll(WorkerFlags.jvm(backend, process));
    return flags;
  }
}
