package dev.zone.launcher.submit;

import com.google.gson.JsonObject;
import dev.zone.conf.DataSize;
import dev.zone.conf.Footprint;
import dev.zone.conf.PlanSpec;
import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import dev.zone.launcher.bundle.ApplicationJars;
import dev.zone.launcher.bundle.Distribution;
import dev.zone.launcher.yarn.ResourceManager;
import dev.zone.launcher.yarn.ResourceManager.Amount;
import dev.zone.launcher.yarn.ResourceManager.Application;
import dev.zone.launcher.zones.Centre;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Drivers in containers of YARN. Spark's own client hands them over, in a process that outlives the
 * command: it takes longer than anybody wants to wait. What it hands over has a tag, by which the
 * ResourceManager is asked from then on.
 */
final class YarnCluster implements ProbedCluster {
  /** In the container's own folder, whose jars are on the class path. */
  private static final List<String> LOGGING =
      List.of(ApplicationSettings.LOGGING, "-Dzone.log=zone.log");

  private final Centre centre;
  private final HandingOver handingOver;

  YarnCluster(Centre centre, Distribution distribution) {
    this.centre = centre;
    this.handingOver = new HandingOver(distribution);
  }

  @Override
  public void requireReady(PlanSpec plan) {
    try (ResourceManager yarn = ResourceManager.of(centre.hadoopFiles())) {
      yarn.requireQueue(centre.spec().queueOrDefault(), centre.title());
      requireContainers(plan, yarn.largest());
    }
  }

  private void requireContainers(PlanSpec plan, Amount largest) {
    Map.of(
            "driver", Footprint.ofDriver(0, plan.backend()),
            "worker", Footprint.ofWorker(plan.job().resources().perWorker(), plan.backend()))
        .forEach(
            (what, needed) -> {
              boolean fits =
                  needed.memory().bytes() <= largest.memory().bytes()
                      && needed.cores() <= largest.cores()
                      && needed.gpus() <= largest.gpus();
              if (!fits) {
                throw new ZoneException(
                    ErrorKind.RESOURCES,
                    "Cannot place on %s: a %s needs %s (expected at most %s, YARN's largest container)"
                        .formatted(
                            centre.title(),
                            what,
                            words(needed.cores(), needed.memory(), needed.gpus()),
                            words(largest.cores(), largest.memory(), largest.gpus())));
              }
            });
  }

  private static String words(int cores, DataSize memory, int gpus) {
    return "%d %s and %d MiB%s"
        .formatted(
            cores,
            cores == 1 ? "core" : "cores",
            memory.mebibytes(),
            gpus == 0 ? "" : " and " + gpus + (gpus == 1 ? " GPU" : " GPUs"));
  }

  @Override
  public JsonObject submit(Launch launch) {
    String tag = "zone-" + launch.plan().run() + "-" + launch.number();
    Footprint driver = Footprint.ofDriver(0, launch.plan().backend());
    Map<String, String> properties = ApplicationSettings.inCluster(launch, LOGGING, LOGGING);
    properties.put("spark.executor.instances", Integer.toString(launch.plan().workers()));
    properties.put("spark.driver.memoryOverhead", driver.outside().mebibytes() + "m");
    properties.put("spark.plugins", "dev.zone.jobs.spark.RecordPlugin");
    properties.putAll(ApplicationSettings.discovery(launch.plan().gpus()));
    environment(ApplicationSettings.environment(launch, "./cache"), properties);
    List<String> call = new ArrayList<>(List.of("--class", Distribution.APPLICATION));
    call.addAll(List.of("--name", launch.plan().run()));
    return begin(
        tag,
        call,
        launch.jars(),
        properties,
        List.of(launch.mode().argument(), launch.folder(), Integer.toString(launch.number())));
  }

  @Override
  public JsonObject submit(Probe probe) {
    Map<String, String> properties = probe.settings();
    properties.putAll(ApplicationSettings.discovery(probe.gpus()));
    environment(centre.spec().environment(), properties);
    return begin(
        probe.name(),
        List.of("--class", Probe.MAIN, "--name", probe.name()),
        probe.jars(),
        properties,
        probe.arguments());
  }

  private static void environment(Map<String, String> environment, Map<String, String> properties) {
    environment.forEach(
        (key, value) -> {
          properties.put("spark.yarn.appMasterEnv." + key, value);
          properties.put("spark.executorEnv." + key, value);
        });
  }

  private JsonObject begin(
      String tag,
      List<String> call,
      List<String> jars,
      Map<String, String> properties,
      List<String> applicationArguments) {
    Map<String, String> all = new LinkedHashMap<>(properties);
    String archive = archive(jars);
    String application = Launch.applicationJar(jars);
    all.putAll(settings(centre, archive));
    all.put("spark.yarn.tags", tag);
    all.put("spark.yarn.submit.waitAppCompletion", "false");
    all.put(
        "spark.jars",
        jars.stream()
            .filter(jar -> !jar.equals(archive) && !jar.equals(application))
            .collect(Collectors.joining(",")));
    all.put("spark.driver.extraClassPath", "./*");
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("--master", "yarn", "--deploy-mode", "cluster"));
    arguments.addAll(call);
    all.forEach((key, value) -> arguments.addAll(List.of("--conf", key + "=" + value)));
    arguments.add(application);
    arguments.addAll(applicationArguments);
    String conf = centre.spec().hadoopConf().orElseThrow();
    JsonObject handle = handingOver.begin(tag, arguments, Optional.of(conf), client(conf));
    handle.addProperty(HandingOver.TAG, tag);
    return handle;
  }

  /**
   * Settings of any application at a centre.
   *
   * @param archive where Spark's own jars lie
   */
  static Map<String, String> settings(Centre centre, String archive) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("spark.yarn.queue", centre.spec().queueOrDefault());
    settings.put("spark.yarn.maxAppAttempts", "1");
    settings.put("spark.kerberos.access.hadoopFileSystems", fileSystem(centre.spec().storage()));
    settings.put("spark.yarn.archive", archive);
    // A container's own folder, where its jars lie.
    settings.put("spark.executor.extraClassPath", "./*");
    return settings;
  }

  /**
   * Variables of a process that asks YARN to start an application.
   *
   * @param conf folder of Hadoop's configuration
   */
  static Map<String, String> client(String conf) {
    return Map.of("HADOOP_CONF_DIR", conf, "YARN_CONF_DIR", conf);
  }

  /** Spark's own jars, among others. */
  static String archive(List<String> jars) {
    return jars.stream()
        .filter(jar -> jar.endsWith("/" + ApplicationJars.SPARK))
        .findFirst()
        .orElseThrow();
  }

  private static String fileSystem(String storage) {
    URI uri = URI.create(storage);
    return uri.getScheme() + "://" + uri.getAuthority();
  }

  @Override
  public Standing standing(JsonObject handle) {
    Optional<Application> application;
    try {
      application = application(handle);
    } catch (ZoneException e) {
      return new Standing(Phase.UNKNOWN, e.getMessage());
    }
    if (application.isEmpty()) {
      return handingOver.standing(handle);
    }
    Application known = application.get();
    String words =
        "YARN says that %s is %s in queue %s%s"
            .formatted(
                known.id(),
                known.state(),
                known.queue(),
                known.diagnostics().isEmpty() ? "" : " (" + firstLine(known.diagnostics()) + ")");
    Phase phase =
        switch (known.state()) {
          case "NEW", "NEW_SAVING", "SUBMITTED", "ACCEPTED" -> Phase.WAITING;
          case "RUNNING" -> Phase.RUNNING;
          default -> Phase.ENDED;
        };
    return new Standing(phase, words);
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("").strip();
  }

  private Optional<Application> application(JsonObject handle) {
    try (ResourceManager yarn = ResourceManager.of(centre.hadoopFiles())) {
      return yarn.tagged(handle.get(HandingOver.TAG).getAsString()).stream().findFirst();
    }
  }

  @Override
  public void kill(JsonObject handle) {
    handingOver.stop(handle);
    try (ResourceManager yarn = ResourceManager.of(centre.hadoopFiles())) {
      yarn.tagged(handle.get(HandingOver.TAG).getAsString()).forEach(each -> yarn.kill(each.id()));
    }
  }
}
