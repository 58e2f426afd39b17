package dev.zone.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpServer;
import dev.zone.datasets.download.Wanted;
import dev.zone.datasets.format.Digests;
import dev.zone.launcher.cli.Sandbox.Result;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class DatasetPullCommandTest {
  private static final String NAME = "manufacturing/presses";
  private static final String MONDAY = "torque,state\n10,0\n11,1\n12,0\n";
  private static final String TUESDAY = "torque,state\n20,1\n500,0\n22,1\n23,0\n24,1\n";

  @TempDir private Path folder;
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private HttpServer server;
  private Sandbox sandbox;

  @BeforeEach
  void startServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String path = exchange.getRequestURI().getPath();
          asked.add(path);
          String text = path.equals("/m") ? MONDAY : path.equals("/t") ? TUESDAY : "";
          byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(bytes.length == 0 ? 404 : 200, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
    sandbox = new Sandbox(folder);
  }

  @AfterEach
  void stopServer() {
    server.stop(0);
  }

  private String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  private static String descriptor(String files) {
    return """
    name: manufacturing/presses
    title: What presses do
    source: {format: delimited, files: [%s]}
    columns:
      torque: {range: [0, 120], missing: false}
      state: {type: category, role: label, classes: {0: good, 1: worn}}
    split: {validation: 0.2, test: 0.2}
    feed: {rejectedShare: 0.5}
    licence: none stated
    citation: none
    address: https://presses.example/data
    """
        .formatted(files);
  }

  private void ships(String files) {
    sandbox.write("home/datasets/manufacturing/presses.yaml", descriptor(files));
  }

  private void shipsBoth() {
    ships(
        "{path: monday.csv, url: '%s', sha256: %s}, {path: in/tuesday.csv, url: '%s'}"
            .formatted(url("/m"), Digests.ofText(MONDAY), url("/t")));
  }

  private Result pull(String... more) {
    List<String> arguments = new ArrayList<>(List.of("dataset", "pull"));
    arguments.addAll(List.of(more));
    return sandbox.zone("succeed", arguments.toArray(String[]::new));
  }

  private Path downloads() {
    return folder.resolve("user/.cache/zone/downloads/manufacturing/presses");
  }

  @Test
  void makesAShippedDatasetFetchesItsFilesAndFeedsThemOnce() {
    shipsBoth();
    Result first = pull(NAME);
    assertThat(first.exitCode()).as(first.err()).isZero();
    assertThat(first.out())
        .startsWith("monday.csv: 1 KB, SHA-256 " + Digests.ofText(MONDAY) + "\n")
        .contains("in/tuesday.csv: 1 KB, SHA-256 " + Digests.ofText(TUESDAY) + "\n")
        .contains("monday.csv: 3 rows, 0 set aside\n")
        .contains("tuesday.csv: 4 rows, 1 set aside\n")
        .endsWith("manufacturing/presses@1: 7 rows more, 1 set aside\n");
    assertThat(downloads().resolve("in/tuesday.csv")).hasContent(TUESDAY);
    assertThat(asked).containsExactly("/m", "/t");

    Result second = pull(NAME);
    assertThat(second.exitCode()).as(second.err()).isZero();
    assertThat(second.out())
        .contains(
            "in/tuesday.csv: 1 KB, SHA-256 %s, was there\n".formatted(Digests.ofText(TUESDAY)))
        .contains("monday.csv: fed before\n")
        .contains("tuesday.csv: fed before\n")
        .endsWith("manufacturing/presses@1 has it all: nothing is new\n");
    assertThat(asked).hasSize(2);
  }

  @Test
  void fetchesNothingThatTheRegistryHasThoughTheDownloadIsGone() throws IOException {
    ships("{path: monday.csv, url: '%s', sha256: %s}".formatted(url("/m"), Digests.ofText(MONDAY)));
    assertThat(pull(NAME).exitCode()).isZero();
    Files.delete(downloads().resolve("monday.csv"));
    JsonObject again = json(pull(NAME, "-o", "json"));
    assertThat(again.get("outcome").getAsString()).isEqualTo("FED_BEFORE");
    assertThat(again.get("version").getAsInt()).isEqualTo(1);
    assertThat(again.getAsJsonArray("downloads")).isEmpty();
    assertThat(again.getAsJsonArray("fedBefore")).hasSize(1);
    assertThat(asked).hasSize(1);
  }

  private static JsonObject json(Result result) {
    assertThat(result.exitCode()).as(result.err()).isZero();
    return JsonParser.parseString(result.out()).getAsJsonObject();
  }

  @Test
  void onlyDownloadsToAFolderThatAJobUses() {
    shipsBoth();
    sandbox.write(
        "work/job.yaml",
        """
        name: presses
        dataset: manufacturing/presses
        task: {type: multiclass, label: state}
        inputs: [{columns: [torque]}]
        model: {architecture: mlp, hidden: [4]}
        training: {epochs: 1, batchSize: 4}
        """);
    JsonObject pulled = json(pull(NAME, "--to", "data", "-o", "json"));
    assertThat(pulled.get("dir").getAsString())
        .isEqualTo(sandbox.work().resolve("data").toString());
    JsonObject tuesday = pulled.getAsJsonArray("downloads").get(1).getAsJsonObject();
    assertThat(tuesday.get("path").getAsString()).isEqualTo("in/tuesday.csv");
    assertThat(tuesday.get("url").getAsString()).isEqualTo(url("/t"));
    assertThat(tuesday.get("sha256").getAsString()).isEqualTo(Digests.ofText(TUESDAY));
    assertThat(tuesday.get("fetched").getAsBoolean()).isTrue();
    Result again = pull(NAME, "--to", "data");
    assertThat(again.out()).contains("monday.csv: 1 KB").contains(", was there\n");
    assertThat(again.err())
        .isEqualTo("zone: train on them with: zone run JOB --data manufacturing/presses=data\n");
    assertThat(asked).hasSize(2);
    assertThat(folder.resolve("user")).doesNotExist();

    Result valid = sandbox.zone("succeed", "validate", "job.yaml", "--data", NAME + "=data");
    assertThat(valid.exitCode()).as(valid.err()).isZero();
  }

  @Test
  void goesByTheRegistrysDescriptorWhereItHasTheDataset() {
    ships("{path: monday.csv, url: '%s'}".formatted(url("/none")));
    sandbox.write("work/mine.yaml", descriptor("{path: my.csv, url: '%s'}".formatted(url("/m"))));
    assertThat(sandbox.zone("succeed", "dataset", "create", "mine.yaml").exitCode()).isZero();
    Result pulled = pull(NAME);
    assertThat(pulled.exitCode()).as(pulled.err()).isZero();
    assertThat(pulled.out()).contains("my.csv: 3 rows, 0 set aside\n");
    assertThat(asked).containsExactly("/m");
  }

  @Test
  void saysWhatCannotBePulledAndLeavesNoDatasetBehind() {
    ships("{path: monday.csv, url: '%s'}, {path: a.csv}, {path: b.csv}".formatted(url("/m")));
    Result none = pull(NAME);
    assertThat(none.exitCode()).isEqualTo(2);
    assertThat(none.err())
        .isEqualTo(
            "zone: Cannot download a.csv, b.csv of manufacturing/presses: the descriptor has no url for them (expected one for each file; the dataset is to be had at https://presses.example/data, and --data manufacturing/presses=DIR serves files that lie here)\n");
    assertThat(asked).isEmpty();
    assertThat(pull(NAME + "@2").err())
        .contains("Cannot pull manufacturing/presses@2: a version is of what was fed");
    assertThat(pull("manufacturing/press").err())
        .contains("Cannot find the dataset: manufacturing/press")
        .contains("did you mean 'manufacturing/presses'?");
    assertThat(pull("chip/tiny").err()).contains("its rows are generated");

    ships("{path: monday.csv, url: '%s'}".formatted(url("/none")));
    Result gone = pull(NAME, "-o", "json");
    assertThat(gone.exitCode()).isEqualTo(2);
    assertThat(gone.out()).contains("\"kind\":\"USER\"").contains("it answers 404");
    ships("{path: monday.csv, url: '%s', sha256: %s}".formatted(url("/m"), "0".repeat(64)));
    Result other = pull(NAME);
    assertThat(other.exitCode()).isEqualTo(2);
    assertThat(other.err()).contains("its SHA-256 is " + Digests.ofText(MONDAY));
    assertThat(folder.resolve("user/.zone/registry/manufacturing")).doesNotExist();

    ships("{path: a/x.csv, url: '%s'}, {path: b/x.csv, url: '%s'}".formatted(url("/m"), url("/t")));
    asked.clear();
    Result alike = pull(NAME);
    assertThat(alike.exitCode()).isEqualTo(2);
    assertThat(alike.err())
        .contains("zone: only download it with: zone dataset pull manufacturing/presses --to DIR\n")
        .contains("a/x.csv: Cannot feed the file: several of the descriptor's files are named so");
    assertThat(asked).isEmpty();
    assertThat(pull(NAME, "--to", "data").exitCode()).isZero();
  }

  @Test
  void onlyDownloadsWhatCannotBeFed() {
    sandbox.write(
        "home/datasets/manufacturing/presses.yaml",
        """
        name: manufacturing/presses
        title: Presses that wear out
        source: {format: delimited, files: [{path: monday.csv, split: test, url: '%s'}]}
        columns:
          torque: {role: time}
          state: {type: category, role: group}
          speed: {}
          left:
            role: label
            remainingLife: {group: state, time: torque, atEnd: {test: ends.txt}}
        split: {given: [test]}
        licence: none stated
        citation: none
        """
            .formatted(url("/m")));
    Result refused = pull(NAME);
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err())
        .contains("zone: only download it with: zone dataset pull manufacturing/presses --to DIR\n")
        .contains("zone: Cannot feed manufacturing/presses without ends.txt, which has no url");
    assertThat(asked).isEmpty();
    Result pulled = pull(NAME, "--to", "data");
    assertThat(pulled.exitCode()).as(pulled.err()).isZero();
    assertThat(sandbox.work().resolve("data/monday.csv")).hasContent(MONDAY);
    assertThat(pulled.err()).contains("zone: ends.txt must lie beside them, and has no url\n");
  }

  @Test
  void feedsFilesThatStandSideBySideAndFetchesThemOnce() throws IOException {
    String verdicts = "verdict\ngood\nworn\ngood\n";
    server.createContext(
        "/v",
        exchange -> {
          asked.add("/v");
          exchange.sendResponseHeaders(200, verdicts.length());
          exchange.getResponseBody().write(verdicts.getBytes(StandardCharsets.UTF_8));
          exchange.close();
        });
    String files =
        "{path: monday.csv, url: '%s', sha256: %s, beside: [{path: verdicts.txt, url: '%s', sha256: %s}]}"
            .formatted(url("/m"), Digests.ofText(MONDAY), url("/v"), Digests.ofText(verdicts));
    sandbox.write(
        "home/datasets/manufacturing/presses.yaml",
        descriptor(files)
            .replace(
                "split:",
                "  verdict: {type: category, classes: {good: good, worn: worn}}\nsplit:"));
    Result pulled = pull(NAME);
    assertThat(pulled.exitCode()).as(pulled.err()).isZero();
    assertThat(pulled.out())
        .contains("monday.csv: 3 rows, 0 set aside\n")
        .endsWith("manufacturing/presses@1: 3 rows more, 0 set aside\n");
    Files.delete(downloads().resolve("monday.csv"));
    Files.delete(downloads().resolve("verdicts.txt"));
    assertThat(pull(NAME).out())
        .isEqualTo(
            "monday.csv: fed before\nverdicts.txt: fed before\nmanufacturing/presses@1 has it all: nothing is new\n");
    assertThat(asked).containsExactly("/m", "/v");
  }

  /** {@code -Dzone.data} says where the data are. */
  @Tag("real-data")
  @Test
  void pullsAShippedDatasetAsItsOfficialAddressHasIt() throws IOException {
    String official =
        "https://archive.ics.uci.edu/ml/machine-learning-databases/00601/ai4i2020.csv";
    Path shipped =
        Path.of("").toAbsolutePath().getParent().resolve("datasets/manufacturing/ai4i2020.yaml");
    String text = Files.readString(shipped);
    assertThat(text).contains(official);
    sandbox.write(
        "home/datasets/manufacturing/ai4i2020.yaml", text.replace(official, url("/real")));
    byte[] bytes =
        Files.readAllBytes(
            Path.of(System.getProperty("zone.data", "none"))
                .resolve("manufacturing/ai4i2020/ai4i2020.csv"));
    server.createContext(
        "/real",
        exchange -> {
          exchange.sendResponseHeaders(200, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    Result pulled = pull("manufacturing/ai4i2020");
    assertThat(pulled.exitCode()).as(pulled.err()).isZero();
    assertThat(pulled.out()).endsWith("manufacturing/ai4i2020@1: 10,000 rows more, 0 set aside\n");
  }

  @Test
  void showsPeopleHowItGoesOnAndWhatBroke() {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
    AtomicLong now = new AtomicLong();
    Wanted file = new Wanted("a.csv", "https://x.org/a.csv", Optional.empty());
    try (PullProgress progress =
        new PullProgress(new Terminal(stream, stream, true, true, 100, now::get))) {
      progress.came(file, 5 << 20, OptionalLong.of(25 << 20));
      now.set(2_000_000_000L);
      progress.came(file, 15 << 20, OptionalLong.of(25 << 20));
      progress.broke(file, "it answers \u001b[31m", Duration.ofSeconds(2));
      progress.waits(file);
    }
    assertThat(err.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            "\r\u001b[Ka.csv: 15 MB of 25 MB, 5 MB/s, 2 s left\r\u001b[K"
                + "zone: a.csv: it answers ?[31m; it is tried again in 2 s\n"
                + "zone: a.csv: another pull is at it; this one waits\n");
  }
}
