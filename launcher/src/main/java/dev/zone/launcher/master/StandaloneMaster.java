package dev.zone.launcher.master;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.zone.conf.CentreSpec;
import dev.zone.conf.DataSize;
import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import dev.zone.launcher.runs.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A Spark standalone master: its submission server (Spark's REST protocol of version 1, port 6066)
 * and the JSON form of its page.
 */
public final class StandaloneMaster {
  private static final int SUBMISSION_PORT = 6066;
  private static final int PAGE_PORT = 8080;

  private final List<String> servers;
  private final List<String> pages;

  /**
   * @param centre whose master is {@code spark://…}
   */
  public StandaloneMaster(CentreSpec centre) {
    List<String> hosts = new ArrayList<>();
    for (String address : centre.master().substring("spark://".length()).split(",")) {
      hosts.add(address.substring(0, address.lastIndexOf(':')));
    }
    this.servers = addresses(centre.submissionServer(), hosts, SUBMISSION_PORT);
    this.pages = addresses(centre.masterPage(), hosts, PAGE_PORT);
  }

  /** Of masters of which one is active. */
  StandaloneMaster(List<String> addresses) {
    this.servers = List.copyOf(addresses);
    this.pages = List.copyOf(addresses);
  }

  private static List<String> addresses(Optional<String> given, List<String> hosts, int port) {
    return given
        .map(List::of)
        .orElseGet(() -> hosts.stream().map(host -> "http://" + host + ":" + port).toList());
  }

  /**
   * Has the master start a driver.
   *
   * @param request a {@code CreateSubmissionRequest}
   * @return what the master calls the driver
   * @throws ZoneException of the environment if the master does not answer or refuses
   */
  public String submit(JsonObject request) {
    JsonObject answer = ask("/v1/submissions/create", request);
    if (!Json.isTrue(answer, "success") || !answer.has("submissionId")) {
      throw new ZoneException(
          ErrorKind.ENVIRONMENT,
          "Cannot submit to the master: " + firstLine(Json.text(answer, "message")));
    }
    return answer.get("submissionId").getAsString();
  }

  /** The version of Spark that the master runs. */
  public String version() {
    return Json.text(ask("/v1/submissions/status/none", null), "serverSparkVersion");
  }

  /**
   * A driver as the master sees it.
   *
   * @param state SUBMITTED, RUNNING, FINISHED, RELAUNCHING, UNKNOWN, KILLED, FAILED or ERROR; empty
   *     if the master does not know the driver
   * @param worker address of the Spark worker that it runs on, or empty
   * @param message of a failure, or empty
   */
  public record Driver(Optional<String> state, String worker, String message) {}

  /** Asks after a driver. */
  public Driver driver(String id) {
    JsonObject answer = ask("/v1/submissions/status/" + checked(id), null);
    Optional<String> state =
        Json.isTrue(answer, "success") && answer.has("driverState")
            ? Optional.of(answer.get("driverState").getAsString().toUpperCase(Locale.ROOT))
            : Optional.empty();
    return new Driver(
        state, Json.text(answer, "workerHostPort"), firstLine(Json.text(answer, "message")));
  }

  /** Has the master kill a driver; nothing if it does not know it or it ended. */
  public void kill(String id) {
    ask("/v1/submissions/kill/" + checked(id), new JsonObject());
  }

  private static String checked(String id) {
    if (!id.matches("[A-Za-z0-9._-]{1,200}")) {
      throw ZoneException.user(
          "Cannot ask for the driver: " + id + " (expected letters and digits)");
    }
    return id;
  }

  /**
   * Who holds places.
   *
   * @param kind application or driver
   */
  public record Holder(String kind, String id, String name, int cores, String state) {}

  /**
   * A Spark worker that is alive.
   *
   * @param memory that heaps may take still
   * @param gpus that nobody has
   */
  public record FreeWorker(String host, int cores, DataSize memory, int gpus) {}

  /**
   * What the cluster has free, and who holds the rest.
   *
   * @param cores of all workers that are alive
   * @param gpus of all workers that are alive
   */
  public record Places(int cores, int gpus, List<FreeWorker> workers, List<Holder> holders) {
    public Places {
      workers = List.copyOf(workers);
      holders = List.copyOf(holders);
    }

    /** Cores that are free. */
    public int freeCores() {
      return workers.stream().mapToInt(FreeWorker::cores).sum();
    }

    /** GPUs that are free. */
    public int freeGpus() {
      return workers.stream().mapToInt(FreeWorker::gpus).sum();
    }

    /** How many executors of such a size fit now. */
    public int slots(int coresEach, DataSize heapEach, int gpusEach) {
      long slots = 0;
      for (FreeWorker worker : workers) {
        long fit = Math.min(worker.cores() / coresEach, worker.memory().bytes() / heapEach.bytes());
        slots += gpusEach == 0 ? fit : Math.min(fit, worker.gpus() / gpusEach);
      }
      return (int) slots;
    }
  }

  /**
   * Counts places.
   *
   * @throws ZoneException of the environment if the page does not answer
   */
  public Places places() {
    JsonObject page = firstAnswer(pages, "/json/", null, "masterPage");
    List<FreeWorker> workers = new ArrayList<>();
    int cores = 0;
    int gpus = 0;
    for (JsonObject worker : objects(page, "workers")) {
      if (Json.text(worker, "state").equals("ALIVE")) {
        cores += number(worker, "cores");
        gpus += gpus(worker, "resources");
        workers.add(
            new FreeWorker(
                Json.text(worker, "host"),
                number(worker, "coresfree"),
                DataSize.ofMebibytes(number(worker, "memoryfree")),
                gpus(worker, "resourcesfree")));
      }
    }
    List<Holder> holders = new ArrayList<>();
    for (JsonObject one : objects(page, "activeapps")) {
      holders.add(holder("application", one, Json.text(one, "name")));
    }
    for (JsonObject one : objects(page, "activedrivers")) {
      holders.add(holder("driver", one, Json.text(one, "mainclass")));
    }
    return new Places(cores, gpus, workers, holders);
  }

  /** Addresses of GPUs in what a worker says of a kind of its resources. */
  private static int gpus(JsonObject worker, String kind) {
    return worker.get(kind) instanceof JsonObject resources
            && resources.get("gpu") instanceof JsonObject gpu
            && gpu.get("addresses") instanceof JsonArray addresses
        ? addresses.size()
        : 0;
  }

  private static Holder holder(String kind, JsonObject json, String name) {
    return new Holder(
        kind, Json.text(json, "id"), name, number(json, "cores"), Json.text(json, "state"));
  }

  private static List<JsonObject> objects(JsonObject json, String key) {
    List<JsonObject> objects = new ArrayList<>();
    if (json.get(key) instanceof JsonArray array) {
      for (JsonElement element : array) {
        if (element.isJsonObject()) {
          objects.add(element.getAsJsonObject());
        }
      }
    }
    return objects;
  }

  /** Of several masters those that stand by do not take submissions. */
  private JsonObject ask(String path, JsonObject body) {
    return firstAnswer(servers, path, body, "submissionServer");
  }

  private static JsonObject firstAnswer(
      List<String> addresses, String path, JsonObject body, String key) {
    List<String> failures = new ArrayList<>();
    Optional<JsonObject> standby = Optional.empty();
    IOException last = null;
    for (String address : addresses) {
      try {
        JsonObject answer =
            body == null ? Http.get(address + path) : Http.post(address + path, body);
        if (!isStandby(answer)) {
          return answer;
        }
        standby = Optional.of(answer);
      } catch (IOException e) {
        last = e;
        failures.add(address + ": " + e.getMessage());
      }
    }
    if (standby.isPresent()) {
      return standby.get();
    }
    throw ZoneException.environment(
        "Cannot reach the master: %s (expected its %s there; the zone file's %s names another place)"
            .formatted(
                String.join("; ", failures),
                key.equals("masterPage") ? "page" : "submission server",
                key),
        last);
  }

  private static boolean isStandby(JsonObject answer) {
    String message = Json.text(answer, "message") + Json.text(answer, "status");
    return message.contains("STANDBY") || message.contains("Current state is not alive");
  }

  private static int number(JsonObject json, String key) {
    try {
      return json.has(key) ? json.get(key).getAsInt() : 0;
    } catch (NumberFormatException | UnsupportedOperationException | IllegalStateException e) {
      return 0;
    }
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("");
  }
}
