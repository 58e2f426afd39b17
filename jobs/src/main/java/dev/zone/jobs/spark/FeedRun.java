package dev.zone.jobs.spark;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.zone.conf.DatasetName;
import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.Problem;
import dev.zone.conf.error.Problems;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.format.Limits;
import dev.zone.datasets.registry.FeedProgress;
import dev.zone.datasets.registry.FeedReading;
import dev.zone.datasets.registry.FeedReport;
import dev.zone.datasets.registry.Feeding;
import dev.zone.datasets.registry.RegisteredDataset;
import dev.zone.datasets.registry.Registry;
import dev.zone.datasets.storage.PlacedFile;
import dev.zone.datasets.storage.Storage;
import dev.zone.jobs.run.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Feeds a dataset on Spark: what {@code feed.json} in the folder says, with {@code registry},
 * {@code dataset}, {@code files} by their places, {@code by}, {@code how} (NAMED, DRY or WATCHED),
 * {@code chunkBytes} and, if it is a tenant's, {@code tenant}. Leaves {@code result.json}, with the
 * feed's {@code report}, or its {@code problems}; until then {@code progress.json} says how far it
 * is.
 */
final class FeedRun {
  private static final long TELL_EVERY_NANOS = 500_000_000L;

  private final RunFolder folder;

  FeedRun(RunFolder folder) {
    this.folder = folder;
  }

  void run() {
    JsonObject json = JsonParser.parseString(CheckRun.read(folder, "feed.json")).getAsJsonObject();
    Problems problems = new Problems();
    CancelRequest asked = new CancelRequest(folder);
    // Whoever gave up on it has taken the folder along.
    BooleanSupplier cancelled = () -> asked.getAsBoolean() || !Files.isDirectory(folder.path());
    List<PlacedFile> files = new ArrayList<>();
    try (Storage registry = WorkFolders.storage(json.get("registry").getAsString());
        SparkFeedTasks tasks = new SparkFeedTasks(FeedRun::spark, cancelled)) {
      for (JsonElement file : json.getAsJsonArray("files")) {
        files.add(PlacedFile.of(file.getAsString(), WorkFolders::storage));
      }
      RegisteredDataset dataset =
          new Registry(registry).open(DatasetName.parse(json.get("dataset").getAsString()));
      FeedReading reading =
          FeedReading.by(tasks, Limits.DEFAULT.withChunkBytes(json.get("chunkBytes").getAsInt()));
      String how = json.get("how").getAsString();
      Feeding feeding =
          new Feeding(dataset, dataset.spec(), Clock.systemUTC(), new Told(folder), reading)
              .forTenant(Optional.ofNullable(json.get("tenant")).map(JsonElement::getAsString));
      Optional<FeedReport> report =
          (how.equals("WATCHED") ? feeding.passingRefused() : feeding)
              .feedPlaced(files, json.get("by").getAsString(), how.equals("DRY"), problems);
      folder.replace("result.json", result(report, problems));
    } catch (IOException e) {
      throw ZoneException.environment("Cannot close the registry: " + e.getMessage(), e);
    } finally {
      files.forEach(PlacedFile::close);
    }
  }

  private static JavaSparkContext spark() {
    SparkConf conf = new SparkConf();
    conf.setIfMissing("spark.app.name", "zone-feed");
    SparkStage.addSecret(conf);
    try {
      return new JavaSparkContext(conf);
    } catch (RuntimeException e) {
      throw new ZoneException(
          ErrorKind.ENVIRONMENT,
          "Cannot start Spark on master: %s (%s)"
              .formatted(conf.get("spark.master", "none"), e.getMessage()),
          e);
    }
  }

  private static JsonObject result(Optional<FeedReport> report, Problems problems) {
    JsonObject json = new JsonObject();
    report.ifPresent(one -> json.add("report", one.toJson()));
    JsonArray all = new JsonArray();
    for (Problem problem : problems.list()) {
      JsonObject one = new JsonObject();
      one.addProperty("where", problem.where());
      one.addProperty("message", problem.message());
      all.add(one);
    }
    json.add("problems", all);
    json.addProperty("omitted", problems.omitted());
    return json;
  }

  /** Tells the launcher, a few times a second. */
  private static final class Told implements FeedProgress {
    private final RunFolder folder;
    private long last = System.nanoTime();

    Told(RunFolder folder) {
      this.folder = folder;
    }

    @Override
    public synchronized void read(String file, long rows) {
      if (System.nanoTime() - last < TELL_EVERY_NANOS) {
        return;
      }
      last = System.nanoTime();
      JsonObject json = new JsonObject();
      json.addProperty("file", file);
      json.addProperty("rows", rows);
      folder.replace("progress.json", json);
    }
  }
}
