package dev.zone.launcher.submit;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.zone.conf.CentreSpec;
import dev.zone.conf.error.ZoneException;
import dev.zone.launcher.bundle.Distribution;
import dev.zone.launcher.bundle.Versions;
import dev.zone.launcher.master.StandaloneMaster;
import java.io.File;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Drivers that a standalone cluster runs itself (cluster deploy mode), submitted by its master's
 * submission server: no JVM with Spark has to start here.
 */
final class StandaloneCluster implements ProbedCluster {
  private static final String ID = "driver";

  private final StandaloneMaster master;

  StandaloneCluster(CentreSpec centre) {
    this.master = new StandaloneMaster(centre);
  }

  @Override
  public JsonObject submit(Launch launch) {
    JsonObject handle = new JsonObject();
    handle.addProperty(ID, master.submit(request(launch)));
    return handle;
  }

  @Override
  public JsonObject submit(Probe probe) {
    Map<String, String> properties = probe.settings();
    properties.put("spark.app.name", probe.name());
    JsonObject handle = new JsonObject();
    handle.addProperty(
        ID,
        master.submit(
            request(
                probe.centre().spec(),
                Probe.MAIN,
                probe.arguments(),
                probe.jars(),
                probe.centre().spec().environment(),
                properties)));
    return handle;
  }

  @Override
  public Standing standing(JsonObject handle) {
    if (!handle.has(ID)) {
      return new Standing(Phase.UNKNOWN, "the master's name for its driver is not known");
    }
    String id = handle.get(ID).getAsString();
    StandaloneMaster.Driver driver;
    try {
      driver = master.driver(id);
    } catch (ZoneException e) {
      return new Standing(Phase.UNKNOWN, e.getMessage());
    }
    if (driver.state().isEmpty()) {
      return new Standing(Phase.UNKNOWN, "the master does not know " + id);
    }
    String state = driver.state().get();
    String words =
        "the master says that %s is %s%s%s"
            .formatted(
                id,
                state,
                driver.worker().isEmpty() ? "" : " on " + driver.worker(),
                driver.message().isEmpty() ? "" : " (" + driver.message() + ")");
    Phase phase =
        switch (state) {
          case "SUBMITTED", "RELAUNCHING" -> Phase.WAITING;
          case "RUNNING" -> Phase.RUNNING;
          case "FINISHED", "FAILED", "KILLED", "ERROR" -> Phase.ENDED;
          default -> Phase.UNKNOWN;
        };
    return new Standing(phase, words);
  }

  @Override
  public void kill(JsonObject handle) {
    if (handle.has(ID)) {
      master.kill(handle.get(ID).getAsString());
    }
  }

  private static JsonObject request(Launch launch) {
    Map<String, String> properties = properties(launch);
    properties.put("spark.app.name", launch.plan().run());
    return request(
        launch.centre().spec(),
        Distribution.APPLICATION,
        List.of(launch.mode().argument(), launch.folder(), Integer.toString(launch.number())),
        launch.jars(),
        environment(launch),
        properties);
  }

  /**
   * What the submission server takes.
   *
   * @param jars class path of driver and executors; the application's own is among them
   * @param properties of Spark, but for those that any driver in the cluster has
   */
  private static JsonObject request(
      CentreSpec centre,
      String mainClass,
      List<String> arguments,
      List<String> jars,
      Map<String, String> environment,
      Map<String, String> properties) {
    String classPath = String.join(File.pathSeparator, jars);
    Map<String, String> all = new LinkedHashMap<>(properties);
    all.put("spark.master", centre.master());
    all.put("spark.submit.deployMode", "cluster");
    all.put("spark.driver.supervise", "false");
    all.put("spark.driver.extraClassPath", classPath);
    all.put("spark.executor.extraClassPath", classPath);
    JsonArray list = new JsonArray();
    arguments.forEach(list::add);
    JsonObject request = new JsonObject();
    request.addProperty("action", "CreateSubmissionRequest");
    request.addProperty("appResource", Path.of(Launch.applicationJar(jars)).toUri().toString());
    request.addProperty("mainClass", mainClass);
    request.add("appArgs", list);
    request.addProperty("clientSparkVersion", Versions.ofThisBuild().spark());
    request.add("environmentVariables", json(environment));
    request.add("sparkProperties", json(all));
    return request;
  }

  private static Map<String, String> environment(Launch launch) {
    return ApplicationSettings.environment(launch, launch.cache());
  }

  private static Map<String, String> properties(Launch launch) {
    Map<String, String> properties =
        ApplicationSettings.inCluster(
            launch,
            ApplicationSettings.loggingTo(launch.folder(), "driver"),
            ApplicationSettings.loggingTo(launch.folder(), "executor-{{EXECUTOR_ID}}"));
    environment(launch).forEach((key, value) -> properties.put("spark.executorEnv." + key, value));
    return properties;
  }

  private static JsonObject json(Map<String, String> map) {
    JsonObject json = new JsonObject();
    map.forEach(json::addProperty);
    return json;
  }
}
