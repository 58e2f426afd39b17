package dev.zone.launcher.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.zone.launcher.bundle.ZoneProcess.Begun;
import dev.zone.launcher.bundle.ZoneProcess.Ended;
import dev.zone.launcher.cluster.SparkCluster;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Feeds on a real Spark cluster leave what a feed by one process leaves. */
@Tag("clusters")
@Timeout(400)
class FeedIT {
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final String NAME = "manufacturing/presses";
  private static final int ROWS = 350_000;

  @TempDir private static Path folder;

  private static SparkCluster cluster;

  @BeforeAll
  static void start() throws Exception {
    Path distribution = Path.of(System.getProperty("zone.distribution"));
    cluster = SparkCluster.start(distribution, folder.resolve("cluster"), 2, 1);
    Files.writeString(
        folder.resolve("presses.yaml"),
        """
        name: manufacturing/presses
        title: What presses do
        source: {format: delimited, files: [{path: '*.csv'}]}
        columns:
          torque: {unit: Nm, range: [0, 120], missing: false}
          at: {}
          note: {type: text, role: ignored}
          state: {type: category, role: label, classes: {0: good, 1: worn}}
        split: {validation: 0.2, test: 0.2}
        feed: {rejectedShare: 0.1, key: [at], ascending: {column: at}}
        licence: none stated
        citation: none
        """);
    Files.writeString(folder.resolve("monday.csv"), rows(ROWS));
  }

  private static String rows(int count) {
    StringBuilder text = new StringBuilder("torque,at,note,state\r\n");
    Random random = new Random(7);
    for (int i = 0; i < count; i++) {
      text.append(random.nextInt(121_000) / 1000.0).append(',');
      text.append(i % 5003 == 17 ? i - 3000 : i).append(',');
      text.append(i % 1009 == 0 ? "\"two\r\nlines, \"\"quoted\"\"\"" : "plain").append(',');
      text.append(random.nextInt(2)).append("\r\n");
    }
    return text.toString();
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  private static ZoneProcess zone(String registry) throws IOException, InterruptedException {
    Map<String, String> environment = new HashMap<>(cluster.driverEnvironment());
    environment.put("ZONE_REGISTRY", registry);
    ZoneProcess zone = new ZoneProcess(folder, environment);
    Ended created = zone.run("dataset", "create", "presses.yaml");
    assertThat(created.exitCode()).as(created.err()).isZero();
    return zone;
  }

  private static List<String> feed(String file, String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("dataset", "feed", NAME, file, "--piece", "64k", "-o", "json"));
    arguments.addAll(List.of(more));
    return arguments;
  }

  private static List<String> onCluster(String file) {
    return feed(file, "--master", cluster.url(), "--workers", "2", "--spark-from", "1m");
  }

  /** What the answer says, but for the feed's id. */
  private static JsonObject answer(Ended ended) {
    JsonObject json = ended.json();
    json.remove("feed");
    return json;
  }

  /** All that is kept, but for ids, times and files' names. */
  private static String kept(Path dataset) throws IOException {
    JsonObject version =
        JsonParser.parseString(Files.readString(dataset.resolve("versions/1.json")))
            .getAsJsonObject();
    StringBuilder text = new StringBuilder();
    for (JsonElement file : version.getAsJsonArray("files")) {
      JsonObject part = file.getAsJsonObject();
      text.append(part.get("rows")).append(part.get("sha256")).append('\n');
    }
    Path feed;
    try (Stream<Path> feeds = Files.list(dataset.resolve("feeds"))) {
      feed = feeds.filter(Files::isDirectory).toList().get(0);
    }
    try (Stream<Path> data = Files.list(feed.resolve("data"))) {
      // A copy of HDFS's has a sum beside each.
      assertThat(data.filter(path -> !path.toString().endsWith(".crc")))
          .hasSize(version.getAsJsonArray("files").size());
    }
    for (String name : List.of("rejected.jsonl", "rows.json", "profile.json", "findings.json")) {
      Path file = feed.resolve(name);
      text.append(Files.exists(file) ? Files.readString(file, StandardCharsets.UTF_8) : "");
    }
    return text.toString();
  }

  private static List<ProcessHandle> executors() {
    List<ProcessHandle> all = new ArrayList<>();
    for (int worker = 0; worker < cluster.workers(); worker++) {
      ProcessHandle.of(cluster.worker(worker).pid())
          .ifPresent(process -> process.descendants().forEach(all::add));
    }
    return all;
  }

  private static void awaitParts(Path dataset, Begun begun, int count) throws IOException {
    long until = System.nanoTime() + LIMIT.toNanos();
    while (parts(dataset) < count) {
      assertThat(begun.process().isAlive()).as("the feed goes on").isTrue();
      assertThat(System.nanoTime()).as("%d parts", count).isLessThan(until);
      LockSupport.parkNanos(20_000_000L);
    }
  }

  private static long parts(Path dataset) throws IOException {
    Path feeds = dataset.resolve("feeds");
    if (!Files.isDirectory(feeds)) {
      return 0;
    }
    try (Stream<Path> files = Files.find(feeds, 3, (path, none) -> Files.isRegularFile(path))) {
      return files.filter(path -> path.toString().endsWith(".parquet")).count();
    }
  }

  @Test
  void leavesWhatAFeedHereLeavesThoughAnExecutorIsKilled() throws Exception {
    ZoneProcess here = zone(folder.resolve("here").toString());
    JsonObject expected = answer(here.run(LIMIT, feed("monday.csv")));
    Path registry = folder.resolve("there");
    Path dataset = registry.resolve(NAME);
    try (Begun begun = zone(registry.toString()).start(onCluster("monday.csv"))) {
      awaitParts(dataset, begun, 10);
      ProcessHandle victim = executors().get(0);
      victim.destroyForcibly();
      assertThat(answer(begun.end(LIMIT))).isEqualTo(expected);
    }
    assertThat(kept(dataset)).isEqualTo(kept(folder.resolve("here").resolve(NAME)));
    assertThat(expected.get("rejected").getAsInt()).isGreaterThan(1000);
    assertThat(parts(dataset)).isGreaterThan(100);
    Ended again = here.run(LIMIT, feed("monday.csv", "--registry", registry.toString()));
    assertThat(again.json().get("outcome").getAsString()).isEqualTo("FED_BEFORE");
  }

  @Test
  void leavesNothingBehindWhenItIsStopped() throws Exception {
    Path registry = folder.resolve("stopped");
    Path dataset = registry.resolve(NAME);
    // So long that it is not over before it is told to stop.
    Files.writeString(folder.resolve("week.csv"), rows(6 * ROWS));
    try (Begun begun = zone(registry.toString()).start(onCluster("week.csv"))) {
      awaitParts(dataset, begun, 5);
      new ProcessBuilder("kill", "-INT", Long.toString(begun.process().pid())).start().waitFor();
      Ended ended = begun.end(LIMIT);
      assertThat(ended.exitCode()).as(ended.err()).isEqualTo(130);
      assertThat(ended.err()).contains("zone: stopping; Ctrl-C again kills the feed");
    }
    try (Stream<Path> feeds = Files.list(dataset.resolve("feeds"))) {
      assertThat(feeds).isEmpty();
    }
    assertThat(dataset.resolve("versions/1.json")).doesNotExist();
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!executors().isEmpty()) {
      assertThat(System.nanoTime()).as("executors end").isLessThan(until);
      LockSupport.parkNanos(50_000_000L);
    }
  }

  @Test
  void readsAndWritesWhatOnlyTheWorkersAndTheClientReach() throws Exception {
    try (MiniDFSCluster hdfs =
        new MiniDFSCluster.Builder(new Configuration(), folder.resolve("hdfs").toFile())
            .numDataNodes(2)
            .build()) {
      hdfs.waitActive();
      String root = "hdfs://localhost:" + hdfs.getNameNodePort();
      FileSystem files = hdfs.getFileSystem();
      files.copyFromLocalFile(
          new org.apache.hadoop.fs.Path(folder.resolve("monday.csv").toUri()),
          new org.apache.hadoop.fs.Path("/lots/monday.csv"));
      JsonObject there =
          answer(zone(root + "/there").run(LIMIT, onCluster(root + "/lots/monday.csv")));
      JsonObject here = answer(zone(root + "/here").run(LIMIT, feed(root + "/lots/monday.csv")));
      assertThat(there).isEqualTo(here);
      Path copies = folder.resolve("copies");
      for (String name : List.of("there", "here")) {
        files.copyToLocalFile(
            new org.apache.hadoop.fs.Path("/" + name),
            new org.apache.hadoop.fs.Path(Files.createDirectories(copies).toUri()));
      }
      assertThat(kept(copies.resolve("there").resolve(NAME)))
          .isEqualTo(kept(copies.resolve("here").resolve(NAME)));
    }
  }
}
