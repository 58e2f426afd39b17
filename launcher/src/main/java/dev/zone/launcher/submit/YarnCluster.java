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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Drivers in containers of YARN. Spark's own client hands them over, in a process that outlives the
 * command: it takes longer than anybody wants to wait. What it hands over has a tag, by which the
 * ResourceManager is asked from then on.
 */
final class YarnCluster implements Cluster {
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
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("--master", "yarn", "--deploy-mode", "cluster"));
    arguments.addAll(List.of("--class", Distribution.APPLICATION));
    arguments.addAll(List.of("--name", launch.plan().run()));
    properties(launch, tag)
        .forEach((key, value) -> arguments.addAll(List.of("--conf", key + "=" + value)));
    arguments.add(launch.applicationJar());
    arguments.addAll(
        List.of(launch.mode().argument(), launch.folder(), Integer.toString(launch.number())));
    String conf = centre.spec().hadoopConf().orElseThrow();
    JsonObject handle =
        handingOver.begin(
            tag,
            arguments,
            Optional.of(conf),
            Map.of("HADOOP_CONF_DIR", conf, "YARN_CONF_DIR", conf));
    handle.addProperty(HandingOver.TAG, tag);
    return handle;
  }

  private Map<String, String> properties(Launch launch, String tag) {
    Footprint driver = Footprint.ofDriver(0, launch.plan().backend());
    Map<String, String> properties = ApplicationSettings.inCluster(launch, LOGGING, LOGGING);
    properties.put("spark.executor.instances", Integer.toString(launch.plan().workers()));
    properties.put("spark.driver.memoryOverhead", driver.outside().mebibytes() + "m");
    properties.put("spark.yarn.queue", centre.spec().queueOrDefault());
    properties.put("spark.yarn.tags", tag);
    properties.put("spark.yarn.maxAppAttempts", "1");
    properties.put("spark.yarn.submit.waitAppCompletion", "false");
    properties.put("spark.kerberos.access.hadoopFileSystems", fileSystem(centre.spec().storage()));
    properties.put("spark.plugins", "dev.zone.jobs.spark.RecordPlugin");
    properties.putAll(ApplicationSettings.discovery(launch.plan()));
    properties.put("spark.yarn.archive", archive(launch));
    properties.put(
        "spark.jars",
        launch.jars().stream()
            .filter(jar -> !jar.equals(archive(launch)) && !jar.equals(launch.applicationJar()))
            .collect(Collectors.joining(",")));
    properties.put("spark.driver.extraClassPath", "./*");
    properties.put("spark.executor.extraClassPath", "./*");
    ApplicationSettings.environment(launch, "./cache")
        .forEach(
            (key, value) -> {
              properties.put("spark.yarn.appMasterEnv." + key, value);
              properties.put("spark.executorEnv." + key, value);
            });
    return properties;
  }

  private static String archive(Launch launch) {
    return launch.jars().stream()
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
