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
import java.util.UUID;
import java.util.function.Consumer;

/** Feeds a dataset on Spark, and stays with the application to its end. */
public final class FeedApplication {
  /** What is to be fed, in the application's folder. */
  private static final String ORDER = "feed.json";

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
     * @param processors of this machine
     */
    public static Place of(Centre centre, int workers, int processors) {
      CentreSpec spec = centre.spec();
      Master master =
          spec.isLocal()
              ? Master.parse(spec.master(), 1, processors, new Problems()).orElseThrow()
              : new Master(spec.master(), 0);
      return new Place(master, Optional.of(centre), workers);
    }

    private boolean isKubernetes() {
      return centre.filter(at -> at.spec().isKubernetes()).isPresent();
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
    Problems unseen = new Problems();
    if (place.isKubernetes()) {
      PodsView.of(place.centre().orElseThrow()).require(order.registry(), order.files(), unseen);
    }
    problems.addAll(unseen);
    if (!unseen.isEmpty()) {
      return Optional.empty();
    }
    JsonObject result =
        place.isKubernetes() ? feedInPods(order, stopping) : feedHere(order, stopping);
    for (JsonElement each : result.getAsJsonArray("problems")) {
      JsonObject problem = each.getAsJsonObject();
      problems.add(problem.get("where").getAsString(), problem.get("message").getAsString());
    }
    return Optional.ofNullable(result.getAsJsonObject("report")).map(FeedReport::of);
  }

  private JsonObject feedHere(Order order, Consumer<Boolean> stopping) {
    Path temporary = temporary();
    RunFolder folder = RunFolder.create(temporary, FeedSubmission.NAME);
    try {
      folder.write(ORDER, order.toJson().toString());
      return run(SparkCommand.of(submission(folder, sent())), folder, stopping);
    } finally {
      folder.discard();
      temporary.toFile().delete();
    }
  }

  /** They meet this process in the centre's storage, which they and this machine have mounted. */
  private JsonObject feedInPods(Order order, Consumer<Boolean> stopping) {
    Centre centre = place.centre().orElseThrow();
    KubernetesCluster cluster = new KubernetesCluster(centre, distribution);
    cluster.requirePermission();
    Path storage = centre.mounted(environment).orElseThrow();
    RunFolder folder = RunFolder.create(storage, FeedSubmission.NAME + "-" + UUID.randomUUID());
    try (FeedInPods feed = new FeedInPods(cluster, centre.title(), folder);
        Interrupts interrupts = new Interrupts(() -> stopping.accept(feed.cancel()))) {
      folder.write(ORDER, order.toJson().toString());
      feed.begin(submission(folder, sent()));
      return feed.await(() -> tell(folder));
    }
  }

  private FeedSubmission submission(RunFolder folder, List<String> sent) {
    return new FeedSubmission(
        folder.starting(),
        place.master(),
        distribution,
        place.centre(),
        place.workers(),
        hadoopConf(),
        sent);
  }

  private Optional<String> hadoopConf() {
    return place
        .centre()
        .flatMap(centre -> centre.spec().hadoopConf())
        .or(() -> Optional.ofNullable(environment.get("HADOOP_CONF_DIR")));
  }

  /** What the cluster's containers or pods need that no machine of it has, sent to the storage. */
  private List<String> sent() {
    Optional<Centre> sendTo =
        place.centre().filter(at -> at.spec().isYarn() || at.spec().isKubernetes());
    if (sendTo.isEmpty()) {
      return List.of();
    }
    Centre centre = sendTo.get();
    ApplicationJars own = new ApplicationJars(distribution, CacheFolder.of(environment));
    List<ApplicationJars.Jar> jars = new ArrayList<>(own.digestedOfFeeds());
    if (centre.spec().isYarn()) {
      try (ResourceManager cluster = ResourceManager.of(centre.hadoopFiles())) {
        cluster.requireQueue(centre.spec().queueOrDefault(), centre.title());
      }
      jars.add(own.sparkArchive());
    }
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
