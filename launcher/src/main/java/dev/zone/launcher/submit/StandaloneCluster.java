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
import java.util.Map;

/**
 * Drivers that a standalone cluster runs itself (cluster deploy mode), submitted by its master's
 * submission server: no JVM with Spark has to start here.
 */
final class StandaloneCluster implements Cluster {
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
    JsonArray arguments = new JsonArray();
    arguments.add(launch.mode().argument());
    arguments.add(launch.folder());
    arguments.add(Integer.toString(launch.number()));
    JsonObject request = new JsonObject();
    request.addProperty("action", "CreateSubmissionRequest");
    request.addProperty("appResource", Path.of(launch.applicationJar()).toUri().toString());
    request.addProperty("mainClass", Distribution.APPLICATION);
    request.add("appArgs", arguments);
    request.addProperty("clientSparkVersion", Versions.ofThisBuild().spark());
    request.add("environmentVariables", json(environment(launch)));
    request.add("sparkProperties", json(properties(launch)));
    return request;
  }

  private static Map<String, String> environment(Launch launch) {
    return ApplicationSettings.environment(launch, launch.cache());
  }

  private static Map<String, String> properties(Launch launch) {
    String classPath = String.join(File.pathSeparator, launch.jars());
    Map<String, String> properties =
        ApplicationSettings.inCluster(
            launch,
            ApplicationSettings.loggingTo(launch.folder(), "driver"),
            ApplicationSettings.loggingTo(launch.folder(), "executor-{{EXECUTOR_ID}}"));
    properties.put("spark.app.name", launch.plan().run());
    properties.put("spark.master", launch.centre().spec().master());
    properties.put("spark.submit.deployMode", "cluster");
    properties.put("spark.driver.supervise", "false");
    properties.put("spark.driver.extraClassPath", classPath);
    properties.put("spark.executor.extraClassPath", classPath);
    environment(launch).forEach((key, value) -> properties.put("spark.executorEnv." + key, value));
    return properties;
  }

  private static JsonObject json(Map<String, String> map) {
    JsonObject json = new JsonObject();
    map.forEach(json::addProperty);
    return json;
  }
}
