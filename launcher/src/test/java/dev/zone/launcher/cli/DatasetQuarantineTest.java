package dev.zone.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.zone.launcher.cli.Sandbox.Result;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class DatasetQuarantineTest {
  private static final Charset GB18030 = Charset.forName("GB18030");
  private static final String NAME = "manufacturing/presses";

  private static final String DESCRIPTOR =
      """
      name: manufacturing/presses
      title: What presses do
      source: {format: delimited, encoding: GB18030, skip: 1, files: [{path: '*.csv'}]}
      columns: {lot: {type: text}, torque: {}}
      feed: {rejectedShare: 0.5}
      licence: none stated
      citation: none
      """;

  @TempDir private Path folder;
  private Sandbox sandbox;

  @BeforeEach
  void makeDataset() {
    sandbox = new Sandbox(folder).write("work/presses.yaml", DESCRIPTOR);
    assertThat(zone("dataset", "create", "presses.yaml").exitCode()).isZero();
  }

  private Result zone(String... arguments) {
    return sandbox.zone("succeed", arguments);
  }

  /** The feed's id. */
  private String feed(String name, String... rows) throws IOException {
    Files.writeString(
        sandbox.work().resolve(name),
        "tester 7\nlot,torque\n" + String.join("\n", rows) + "\n",
        GB18030);
    Result fed = zone("dataset", "feed", NAME, name, "-o", "json");
    return JsonParser.parseString(fed.out()).getAsJsonObject().get("feed").getAsString();
  }

  private Result quarantine(String... options) {
    String[] arguments = new String[options.length + 3];
    System.arraycopy(new String[] {"dataset", "quarantine", NAME}, 0, arguments, 0, 3);
    System.arraycopy(options, 0, arguments, 3, options.length);
    return zone(arguments);
  }

  private static JsonObject json(Result result) {
    assertThat(result.exitCode()).as(result.err()).isZero();
    return JsonParser.parseString(result.out()).getAsJsonObject();
  }

  @Test
  void givesRowsBackAsTheyAreReadAndSaysWhatItWrote() throws IOException {
    String id = feed("a.csv", "晶圆,bad", "晶圆,1");
    Result exported = quarantine("--export", "mend.csv", "-o", "json");
    Path mend = sandbox.work().resolve("mend.csv");
    JsonObject answer = json(exported);
    assertThat(answer.getAsJsonArray("files").get(0).getAsString()).isEqualTo(mend.toString());
    assertThat(answer.get("rows").getAsInt()).isEqualTo(1);
    assertThat(answer.get("leftOut").getAsInt()).isZero();
    assertThat(exported.err())
        .isEqualTo(
            "zone: 1 rows are in mend.csv; mend them and feed it, once: zone dataset feed"
                + " manufacturing/presses mend.csv\n");
    Files.writeString(mend, Files.readString(mend, GB18030).replace("bad", "7"), GB18030);
    assertThat(zone("dataset", "feed", NAME, "mend.csv").out())
        .endsWith("manufacturing/presses@2: 1 rows more, 0 set aside\n");
    assertThat(zone("dataset", "export", NAME, "out", "--format", "csv").exitCode()).isZero();
    assertThat(sandbox.work().resolve("out/data.csv")).hasContent("lot,torque\n晶圆,1\n晶圆,7");
    assertThat(quarantine().out())
        .startsWith("feed " + id + ": its other rows are in @1\n  a.csv:3\n");
  }

  @Test
  void givesRowsOfSeveralFilesBackInAFolder() throws IOException {
    Files.writeString(sandbox.work().resolve("a.csv"), "t\nlot,torque\nA,bad\nA,1\n");
    Files.writeString(sandbox.work().resolve("b.csv"), "t\ntorque,lot\nbad,B\n2,B\n");
    zone("dataset", "feed", NAME, "a.csv", "b.csv");
    Result exported = quarantine("--export", "mend");
    assertThat(exported.err())
        .isEqualTo(
            "zone: 2 rows are in the folder mend, each in a file named as the one it is of; mend"
                + " them and feed them, once: zone dataset feed manufacturing/presses mend/*\n");
    assertThat(sandbox.work().resolve("mend/a.csv")).hasContent("\nlot,torque\nA,bad");
    assertThat(sandbox.work().resolve("mend/b.csv")).hasContent("\ntorque,lot\nbad,B");
    assertThat(quarantine("--export", "mend").err())
        .endsWith("mend: it is there (expected a place that is free)\n");
  }

  @Test
  void showsTheLastFeedUnlessItIsToldOtherwise() throws IOException {
    String first = feed("a.csv", "A,bad", "A,1");
    String second = feed("b.csv", "B,bad", "B,2");
    Result shown = quarantine();
    assertThat(shown.out())
        .startsWith("feed " + second + ": its other rows are in @2\n  b.csv:3\n")
        .doesNotContain("a.csv");
    assertThat(shown.err())
        .isEqualTo("zone: 1 earlier feeds set rows aside too: --all shows them\n");
    assertThat(quarantine("--all").out()).contains("  a.csv:3\n").contains("  b.csv:3\n");
    JsonObject all = json(quarantine("--all", "-o", "json"));
    assertThat(all.getAsJsonArray("rows")).hasSize(2);
    assertThat(all.getAsJsonArray("feeds")).hasSize(2);
    JsonObject one = json(quarantine("--feed", first, "-o", "json"));
    assertThat(one.getAsJsonArray("feeds").get(0))
        .hasToString("{\"feed\":\"" + first + "\",\"state\":\"committed\",\"version\":1}");
    assertThat(quarantine("--feed", first, "--all").exitCode()).isEqualTo(2);
    assertThat(quarantine("--export", "mend.csv").exitCode()).isZero();
    assertThat(sandbox.work().resolve("mend.csv")).hasContent("\nlot,torque\nB,bad");
  }

  @Test
  void exportsNoRowsWhoseFeedTookNothing() throws IOException {
    feed("a.csv", "A,bad", "A,1");
    String refused = feed("b.csv", "B,bad", "B,worse", "B,2");
    assertThat(quarantine().out())
        .startsWith(
            "feed "
                + refused
                + ": refused, nothing of it was taken; mend the files themselves and feed them"
                + " again\n");
    Result export = quarantine("--export", "mend.csv");
    assertThat(export.exitCode()).isEqualTo(2);
    assertThat(export.err())
        .isEqualTo(
            "zone: Cannot export the wrong rows alone: nothing was taken of the feed "
                + refused
                + " (expected b.csv itself, mended, and fed again, or a feed that was taken: --feed"
                + " ID)\n");
    Result all = quarantine("--all", "--export", "mend.csv");
    assertThat(all.exitCode()).isZero();
    assertThat(all.err()).contains("zone: 1 feeds were left out: nothing of them was taken");
    assertThat(sandbox.work().resolve("mend.csv")).hasContent("\nlot,torque\nA,bad");
  }

  @Test
  void printsNoHalfObjectWhenTheRowsCannotBeRead() throws IOException {
    String id = feed("a.csv", "A,bad", "A,1");
    Files.writeString(
        sandbox.registry().resolve(NAME + "/feeds/" + id + "/rejected.jsonl"),
        "{\"file\": 3",
        StandardOpenOption.APPEND);
    Result shown = quarantine("-o", "json");
    assertThat(shown.exitCode()).isEqualTo(4);
    assertThat(shown.out()).doesNotContain("rows");
  }
}
