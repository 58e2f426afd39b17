package dev.zone.launcher.submit;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.zone.conf.CentreSpec;
import dev.zone.conf.error.Problems;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.registry.FeedProgress;
import dev.zone.datasets.registry.FeedReport;
import dev.zone.datasets.storage.Storage;
import dev.zone.launcher.bundle.ApplicationJars;
import dev.zone.launcher.bundle.Distribution;
import dev.zone.launcher.bundle.Sending;
import dev.zone.launcher.plan.CacheFolder;
import dev.zone.launcher.plan.Master;
import dev.zone.launcher.runs.RunFolder;
import dev.zone.launcher.yarn.ResourceManager;
import dev.zone.launcher.zones.Centre;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Feeds a dataset on Spark, and stays with the application to its end. */
public final class FeedApplication {
  private final Place place;
  private final Distribution distribution;
  private final Map<String, String> environment;
  private final FeedProgress progress;

  /**
   * Where it is fed.
   *
   * @param centre whose settings the application has; empty if only a master was named
   * @param workers that read at the same time on a cluster
   */
  public record Place(Master master, Optional<Centre> centre, int workers) {
    /**
     * A master that somebody named.
     *
     * @param processors of this machine
     * @param problems receives what is wrong with it
     */
    public static Optional<Place> of(
        String master, int workers, int processors, Problems problems) {
      return Master.parse(master, 1, processors, problems)
          .map(parsed -> new Place(parsed, Optional.empty(), workers));
    }

    /**
     * A centre.
     *
     * @throws ZoneException of the user's if its cluster runs no drivers here
     */
    public static Place of(Centre centre, int workers, int processors) {
      CentreSpec spec = centre.spec();
      Problems problems = new Problems();
      return Optional.of(spec.master())
          .filter(master -> spec.isLocal() || spec.isStandalone())
          .flatMap(master -> Master.parse(master, 1, processors, problems))
          .or(() -> spec.isYarn() ? Optional.of(new Master(spec.master(), 0)) : Optional.empty())
          .map(parsed -> new Place(parsed, Optional.of(centre), workers))
          .orElseThrow(
              () ->
                  ZoneException.user(
                      "Cannot feed on %s: its master is %s (expected a centre whose master is local[N], spark://host:port or yarn)"
                          .formatted(centre.title(), spec.master())));
    }
  }

  /** How files are fed. */
  public enum How {
    /** Each is read, and its rows become a version. */
    NAMED,
    /** Each is read and checked, and nothing is written. */
    DRY,
    /** Of files that come to a folder, what was refused before is not read again. */
    WATCHED
  }

  /**
   * What is to be fed.
   *
   * @param registry its place: a path or a URI
   * @param files their places
   * @param by whose feed it is
   * @param how what becomes of the rows, and of files that were refused before
   * @param chunkBytes of text that is read at a time
   * @param tenant whose feed it is, if a tenant's
   */
  public record Order(
      String registry,
      String dataset,
      List<String> files,
      String by,
      How how,
      int chunkBytes,
      Optional<String> tenant) {
    JsonObject toJson() {
      JsonObject json = new JsonObject();
      json.addProperty("registry", registry);
      json.addProperty("dataset", dataset);
      JsonArray all = new JsonArray();
      files.forEach(all::add);
      json.add("files", all);
      json.addProperty("by", by);
      json.addProperty("how", how.name());
      json.addProperty("chunkBytes", chunkBytes);
      tenant.ifPresent(whose -> json.addProperty("tenant", whose));
      return json;
    }
  }

  /**
   * @param environment where {@code HADOOP_CONF_DIR} names the folder of the client's
   *     configuration, if no centre does
   */
  public FeedApplication(
      Place place,
      Distribution distribution,
      Map<String, String> environment,
      FeedProgress progress) {
    this.place = place;
    this.distribution =
        distribution.with(place.centre().flatMap(centre -> centre.spec().sparkHome()));
    this.environment = Map.copyOf(environment);
    this.progress = progress;
  }

  /**
   * Feeds.
   *
   * @param stopping called when somebody asks for the end; true if it is the first time, else the
   *     application is killed
   * @param problems receives what is wrong with files as a whole
   * @return empty if there were problems: then nothing was fed
   * @throws ApplicationFailure if it failed
   */
  public Optional<FeedReport> feed(Order order, Consumer<Boolean> stopping, Problems problems) {
    Path temporary = temporary();
    RunFolder folder = RunFolder.create(temporary, FeedSubmission.NAME);
    try {
      folder.write("feed.json", order.toJson().toString());
      FeedSubmission submission =
          new FeedSubmission(
              folder.starting(),
              place.master(),
              distribution,
              place.centre(),
              place.workers(),
              hadoopConf(),
              sent());
      JsonObject result = run(SparkCommand.of(submission), folder, stopping);
      for (JsonElement each : result.getAsJsonArray("problems")) {
        JsonObject problem = each.getAsJsonObject();
        problems.add(problem.get("where").getAsString(), problem.get("message").getAsString());
      }
      return Optional.ofNullable(result.getAsJsonObject("report")).map(FeedReport::of);
    } finally {
      folder.discard();
      temporary.toFile().delete();
    }
  }

  private Optional<String> hadoopConf() {
    return place
        .centre()
        .flatMap(centre -> centre.spec().hadoopConf())
        .or(() -> Optional.ofNullable(environment.get("HADOOP_CONF_DIR")));
  }

  /** What YARN's containers need that is at no machine of the centre, sent to its storage. */
  private List<String> sent() {
    Optional<Centre> yarn = place.centre().filter(centre -> centre.spec().isYarn());
    if (yarn.isEmpty()) {
      return List.of();
    }
    Centre centre = yarn.get();
    try (ResourceManager cluster = ResourceManager.of(centre.hadoopFiles())) {
      cluster.requireQueue(centre.spec().queueOrDefault(), centre.title());
    }
    ApplicationJars own = new ApplicationJars(distribution, CacheFolder.of(environment));
    List<ApplicationJars.Jar> jars = new ArrayList<>(own.digestedOfFeeds());
    jars.add(own.sparkArchive());
    try (Storage storage = centre.open(environment)) {
      return new Sending(storage).jars(jars).stream().map(storage::place).toList();
    } catch (IOException e) {
      throw ZoneException.environment("Cannot close the storage: " + e.getMessage(), e);
    }
  }

  private JsonObject run(
      ApplicationCommand.Invocation invocation, RunFolder folder, Consumer<Boolean> stopping) {
    try (RunningApplication application = RunningApplication.start(invocation, folder);
        Interrupts interrupts = new Interrupts(() -> stopping.accept(application.cancel()))) {
      int exitCode = application.await(() -> tell(folder));
      return application.answer(exitCode, "result.json");
    }
  }

  private void tell(RunFolder folder) {
    folder
        .json("progress.json")
        .ifPresent(
            json -> progress.read(json.get("file").getAsString(), json.get("rows").getAsLong()));
  }

  private static Path temporary() {
    try {
      return Files.createTempDirectory("zone-feed-");
    } catch (IOException e) {
      throw ZoneException.environment("Cannot make a folder to work in: " + e.getMessage(), e);
    }
  }
}
