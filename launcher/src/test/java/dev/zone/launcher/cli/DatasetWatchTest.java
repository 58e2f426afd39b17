package dev.zone.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zone.launcher.cli.Sandbox.Result;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class DatasetWatchTest {
  private static final String NAME = "manufacturing/presses";
  private static final String HEADER = "torque,speed,state\n";

  private static final String DESCRIPTOR =
      """
      name: manufacturing/presses
      title: What presses do
      source: {format: delimited, files: [{path: '*.csv'}]}
      columns:
        torque: {range: [0, 120], missing: false}
        speed: {}
        state: {type: category, role: label, classes: {0: good, 1: worn}}
      feed: {rejectedShare: 0.5}
      licence: none stated
      citation: none
      """;

  @TempDir private Path folder;
  private Sandbox sandbox;
  private Path drop;

  @BeforeEach
  void makeDataset() throws IOException {
    sandbox =
        new Sandbox(folder).withTheClockOfThisMachine().write("work/presses.yaml", DESCRIPTOR);
    assertThat(zone("dataset", "create", "presses.yaml").exitCode()).isZero();
    drop = Files.createDirectories(sandbox.work().resolve("drop"));
  }

  private Result zone(String... arguments) {
    return sandbox.zone("succeed", arguments);
  }

  private void write(String name, String rows) throws IOException {
    Files.writeString(drop.resolve(name), HEADER + rows);
  }

  /** A watch of the folder drop, in a thread of its own. */
  private final class Watch {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final CompletableFuture<Integer> ended = new CompletableFuture<>();
    private final Thread thread;

    Watch() {
      Terminal terminal =
          new Terminal(stream(out), stream(err), false, false, 100, System::nanoTime);
      String[] arguments = {"dataset", "feed", NAME, "--watch", "drop", "--every", "0.02"};
      thread =
          new Thread(
              () ->
                  ended.complete(
                      Main.command(sandbox.context(terminal, "succeed"), "dataset")
                          .execute(arguments)));
      thread.start();
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
      return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    String err() {
      return err.toString(StandardCharsets.UTF_8);
    }

    Result stop() throws Exception {
      thread.interrupt();
      return new Result(ended.get(), out.toString(StandardCharsets.UTF_8), err());
    }
  }

  private static void await(BooleanSupplier what) {
    while (!what.getAsBoolean()) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  private void awaitVersion(int number) {
    Path manifest = sandbox.registry().resolve(NAME + "/versions/" + number + ".json");
    await(() -> Files.exists(manifest));
  }

  @Test
  void feedsWhatComesToAFolder() throws Exception {
    write("a.csv", "10,1,0\n");
    Files.writeString(drop.resolve("b.csv"), "torque,state\n1,0\n");
    Files.writeString(drop.resolve("lots.txt"), "10,1,0\n");
    Watch watch = new Watch();
    awaitVersion(1);
    write("c.csv.tmp", "11,1,0\n");
    Files.move(drop.resolve("c.csv.tmp"), drop.resolve("c.csv"));
    awaitVersion(2);
    Result stopped = watch.stop();
    assertThat(stopped.exitCode()).isEqualTo(130);
    assertThat(stopped.out()).contains("manufacturing/presses@1: 1 rows more, 0 set aside");
    assertThat(stopped.err())
        .contains("zone: b.csv: Cannot find column 'speed'")
        .containsOnlyOnce("zone: lots.txt stays where it is (expected a name such as *.csv)\n");
    assertThat(drop).isDirectoryContaining(file -> file.endsWith("a.csv"));
  }

  @Test
  void goesOnWhenTheFolderIsThereAgain() throws Exception {
    write("a.csv", "10,1,0\n");
    Watch watch = new Watch();
    awaitVersion(1);
    Path away = Files.move(drop, sandbox.work().resolve("away"));
    await(() -> watch.err().contains("zone: Cannot watch "));
    Files.move(away, drop);
    await(() -> watch.err().contains(" is there again"));
    write("b.csv", "11,1,0\n");
    awaitVersion(2);
    Result stopped = watch.stop();
    assertThat(stopped.exitCode()).isEqualTo(130);
    assertThat(stopped.err())
        .containsOnlyOnce("(expected a folder); it is looked for again and again");
  }

  @Test
  void remembersAcrossARestartWhatItRefusedOfAFolder() throws Exception {
    write("a.csv", "500,1,0\n600,1,0\n1,1,0\n");
    write("b.csv", "10,1,0\n");
    assertThat(watchUntil(1).out()).contains("Nothing was taken: 2 of 3 rows are wrong");
    write("c.csv", "11,1,0\n");
    assertThat(watchUntil(2).out())
        .contains("a.csv: 1 rows, 2 set aside\nNothing was taken: the feed ")
        .contains(" refused the same content (zone dataset feed manufacturing/presses FILE tries")
        .contains("b.csv: fed before");
    Path feeds = sandbox.registry().resolve(NAME + "/feeds");
    try (Stream<Path> all = Files.list(feeds)) {
      assertThat(all).hasSize(3);
    }
    assertThat(zone("dataset", "feed", NAME, "drop/a.csv").out())
        .contains("Nothing was taken: 2 of 3 rows are wrong");
    try (Stream<Path> all = Files.list(feeds)) {
      assertThat(all).hasSize(4);
    }
  }

  private Result watchUntil(int version) throws Exception {
    Watch watch = new Watch();
    awaitVersion(version);
    return watch.stop();
  }

  @Test
  void takesPlacesThatAreMountedHereAndNoOthers() throws IOException {
    write("a.csv", "10,1,0\n");
    assertThat(zone("dataset", "feed", NAME, "--watch", "hdfs://node:8020/drop").err())
        .isEqualTo(
            "zone: Cannot watch hdfs://node:8020/drop: it is no folder of a file system that is"
                + " mounted here (expected a path; files of other storages are fed by their"
                + " names)\n");
    Result fed = zone("dataset", "feed", NAME, drop.resolve("a.csv").toUri().toString());
    assertThat(fed.exitCode()).as(fed.err()).isZero();
    assertThat(zone("dataset", "feed", NAME, "file:" + drop.resolve("a.csv")).out())
        .startsWith("a.csv: fed before\n");
    for (String place : new String[] {"hdfs:/lots/a.csv", "file://node/lots/a.csv"}) {
      Result refused = zone("dataset", "feed", NAME, place);
      assertThat(refused.exitCode()).isEqualTo(2);
      assertThat(refused.err())
          .isEqualTo(
              "zone: Cannot use the file: "
                  + place
                  + " (expected a path, or a URI such as hdfs://namenode:8020/lots/1.csv)\n");
    }
  }
}
