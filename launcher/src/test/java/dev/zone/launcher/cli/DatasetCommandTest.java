package dev.zone.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.zone.launcher.cli.Sandbox.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class DatasetCommandTest {
  private static final String NAME = "manufacturing/presses";

  private static final String DESCRIPTOR =
      """
      name: manufacturing/presses
      title: What presses do
      source: {format: delimited, files: [{path: '*.csv'}]}
      columns:
        torque: {range: [0, 120], unit: Nm, missing: false}
        speed: {}
        state: {type: category, role: label, classes: {0: good, 1: worn}}
      split: {validation: 0.2, test: 0.2}
      feed: {rejectedShare: 0.5}
      licence: none stated
      citation: none
      """;

  private static final String JOB =
      """
      name: presses
      dataset: manufacturing/presses
      task: {type: multiclass, label: state}
      inputs: [{columns: [torque, speed]}]
      model: {architecture: mlp, hidden: [4]}
      training: {epochs: 1, batchSize: 4}
      """;

  @TempDir private Path folder;
  private Sandbox sandbox;

  @BeforeEach
  void makeSandbox() {
    sandbox = new Sandbox(folder).write("work/presses.yaml", DESCRIPTOR);
  }

  private Result zone(String... arguments) {
    return sandbox.zone("succeed", arguments);
  }

  private Result feed(String name, String rows) {
    sandbox.write("work/" + name, "torque,speed,state\n" + rows);
    return zone("dataset", "feed", "manufacturing/presses", name);
  }

  private static JsonObject json(Result result) {
    assertThat(result.exitCode()).as(result.err()).isZero();
    return JsonParser.parseString(result.out()).getAsJsonObject();
  }

  @Test
  void feedsWhatIsRightSetsAsideWhatIsWrongAndTakesItMended() throws IOException {
    Result created = zone("dataset", "create", "presses.yaml");
    assertThat(created.exitCode()).as(created.err()).isZero();
    assertThat(created.out()).isEqualTo("manufacturing/presses\n");
    assertThat(zone("dataset", "create", "presses.yaml").err())
        .contains("is in the registry")
        .contains("(expected another name; its descriptor never changes)");

    Result fed = feed("monday.csv", "10,1,0\n200,2,1\n12,x,1\n13,4,0\n");
    assertThat(fed.exitCode()).as(fed.err()).isZero();
    assertThat(fed.out())
        .contains("monday.csv: 2 rows, 2 set aside")
        .contains("  1: Cannot use column 'torque': 200 (expected 0 to 120)")
        .endsWith("manufacturing/presses@1: 2 rows more, 2 set aside\n");
    assertThat(feed("again.csv", "10,1,0\n200,2,1\n12,x,1\n13,4,0\n").out())
        .isEqualTo("again.csv: fed before\nmanufacturing/presses@1 has it all: nothing is new\n");

    Result aside = zone("dataset", "quarantine", "manufacturing/presses");
    assertThat(aside.out())
        .contains("  monday.csv:3\n    Cannot use column 'torque': 200 (expected 0 to 120)\n")
        .contains("  monday.csv:4\n    Cannot read column 'speed': 'x' (expected a number)\n");
    Path export = sandbox.work().resolve("mended.csv");
    Result exported =
        zone("dataset", "quarantine", "manufacturing/presses", "--export", "mended.csv");
    assertThat(exported.exitCode()).as(exported.err()).isZero();
    assertThat(export).hasContent("torque,speed,state\n200,2,1\n12,x,1");
    assertThat(
            zone("dataset", "quarantine", "manufacturing/presses", "--export", "mended.csv").err())
        .contains("mended.csv: it is there (expected a place that is free)");
    Files.writeString(export, Files.readString(export).replace("200", "20").replace("x", "3"));
    Result mended = zone("dataset", "feed", "manufacturing/presses", "mended.csv");
    assertThat(mended.out()).endsWith("manufacturing/presses@2: 2 rows more, 0 set aside\n");

    JsonObject listed = json(zone("dataset", "list", "-o", "json"));
    JsonObject one = listed.getAsJsonArray("datasets").get(0).getAsJsonObject();
    assertThat(one.get("version").getAsInt()).isEqualTo(2);
    assertThat(one.get("rows").getAsInt()).isEqualTo(4);
    assertThat(zone("dataset", "list", "--domain", "chip").out()).isEmpty();
    assertThat(zone("dataset", "list").out()).contains("manufacturing/presses        2");
    assertThat(zone("dataset", "describe", "manufacturing/presses@1").out())
        .startsWith("manufacturing/presses@1  What presses do\n")
        .contains("torque  number     input      0.0000 to 120.0 Nm")
        .contains("2 rows, 2 set aside, by ");
    assertThat(zone("dataset", "verify", "manufacturing/presses").out())
        .startsWith("manufacturing/presses@2 is whole: 4 rows, ");
  }

  @Test
  void feedsAFolderOfImages() {
    sandbox.write(
        "work/parts.yaml",
        """
        name: manufacturing/parts
        title: Parts from above
        source: {format: images, files: [{path: '*.zip', name: '(?<state>[a-z]+)/'}]}
        columns:
          image: {type: tensor, shape: [1, 2], missing: false}
          state: {type: category, role: label, classes: {good: good, worn: worn}}
        licence: none stated
        citation: none
        """);
    sandbox.write("work/lot/good/1.pgm", "P2 2 1 255 10 20");
    sandbox.write("work/lot/worn/2.pgm", "P2 2 1 255 30 40");
    assertThat(zone("dataset", "create", "parts.yaml").exitCode()).isZero();
    Result fed = zone("dataset", "feed", "manufacturing/parts", "lot/", "--master", "local[1]");
    assertThat(fed.exitCode()).as(fed.err()).isZero();
    assertThat(fed.err()).contains("zone: less than 256m (32 bytes) is fed here");
    assertThat(fed.out())
        .contains("lot: 2 rows, 0 set aside")
        .endsWith("manufacturing/parts@1: 2 rows more, 0 set aside\n");
    assertThat(zone("dataset", "feed", "manufacturing/parts", "lot").out())
        .startsWith("lot: fed before\n");
  }

  @Test
  void pinsTheVersionThatAJobTrainsOn() throws IOException {
    sandbox.write("work/job.yaml", JOB);
    // With a byte order mark, as some editors write it.
    sandbox.write("work/presses.yaml", "\uFEFF" + DESCRIPTOR);
    assertThat(zone("dataset", "create", "presses.yaml", "--registry", "here").exitCode()).isZero();
    sandbox.environment("ZONE_REGISTRY", "here");
    Result never = zone("run", "job.yaml");
    assertThat(never.err()).contains("Cannot find the dataset: manufacturing/presses");
    feed("a.csv", "10,1,0\n11,2,1\n12,3,1\n13,4,0\n14,5,1\n15,6,0\n");
    feed("b.csv", "20,1,0\n");

    Result run = zone("run", "job.yaml");
    assertThat(run.exitCode()).as(run.err()).isZero();
    String plan = Files.readString(onlyRun().resolve("plan.yaml"));
    assertThat(plan)
        .contains("manufacturing/presses@2")
        .containsPattern("feeds/[^/]+/data/0.parquet");
    assertThat(plan.lines().filter(line -> line.contains("sha256:"))).hasSize(4);

    sandbox.write("work/job.yaml", JOB.replace("/presses", "/presses@9"));
    assertThat(zone("run", "job.yaml").err())
        .contains(
            "job.yaml:2:10: Cannot find manufacturing/presses@9 (expected a version from 1 to 2)");
    sandbox.write("work/job.yaml", JOB.replace("/presses", "/presses@1"));
    assertThat(zone("validate", "job.yaml").exitCode()).isZero();
  }

  @Test
  void plansWithWhatMayMisleadInTheVersionAndWhatMovedSinceTheLastModel() throws IOException {
    sandbox.write("work/job.yaml", JOB);
    zone("dataset", "create", "presses.yaml");
    feed("a.csv", rows(0));
    assertThat(zone("run", "job.yaml").exitCode()).isZero();
    String first = Files.readString(onlyRun().resolve("plan.yaml"));
    assertThat(first)
        .contains("manufacturing/presses@1: One value only in speed")
        .doesNotContain("values moved");
    feed("b.csv", rows(60));
    List<String> findings = findings(json(zone("dataset", "describe", NAME, "-o", "json")));
    assertThat(findings).anyMatch(text -> text.startsWith("Since @1, which the last model"));

    Result packaged = zone("package", "job.yaml", "--to", "bundle");
    assertThat(packaged.exitCode()).as(packaged.err()).isZero();
    String plan = Files.readString(sandbox.work().resolve("bundle/plan.yaml"));
    assertThat(findings).allMatch(text -> plan.contains("manufacturing/presses@2: " + text));
    assertThat(plan).contains("check: drift");
  }

  private static String rows(int shift) {
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < 300; i++) {
      rows.append(shift + i % 50).append(",1,").append(i % 2).append('\n');
    }
    return rows.toString();
  }

  private static List<String> findings(JsonObject answer) {
    return answer.getAsJsonArray("findings").asList().stream()
        .map(finding -> finding.getAsJsonObject().get("message").getAsString())
        .toList();
  }

  @Test
  void saysWhatVersionsAreLikeAndWhoDidWhatWithThem() throws IOException {
    zone("dataset", "create", "presses.yaml");
    feed("a.csv", "10,1,0\n11,2,1\n12,3,1\n13,4,0\n");
    feed("b.csv", "90,1,0\n91,2,0\n92,,0\n93,4,0\n");
    assertThat(zone("dataset", "describe", "manufacturing/presses@1").out())
        .contains("Statistics of 4 rows, 4 of them with different inputs")
        .contains("10.00 to 13.00, median 11.00, mean 11.50, deviation 1.118")
        .contains("good 2, worn 2");
    JsonObject described = json(zone("dataset", "describe", "manufacturing/presses", "-o", "json"));
    JsonObject torque =
        described
            .getAsJsonObject("statistics")
            .getAsJsonObject("columns")
            .getAsJsonObject("torque");
    assertThat(torque.get("max").getAsDouble()).isEqualTo(93);
    assertThat(torque.get("q50").getAsDouble()).isEqualTo(13);

    assertThat(zone("dataset", "diff", "manufacturing/presses@1", "manufacturing/presses@2").out())
        .startsWith("manufacturing/presses@1 to @2\n  rows  4 to 8 (+4)\n")
        .contains("worn                     2 to 2")
        .contains("torque");
    JsonObject diff =
        json(
            zone(
                "dataset",
                "diff",
                "manufacturing/presses@1",
                "manufacturing/presses@2",
                "-o",
                "json"));
    assertThat(diff.getAsJsonObject("columns").getAsJsonObject("torque").get("ks").getAsDouble())
        .isEqualTo(0.5);
    assertThat(zone("dataset", "diff", "manufacturing/presses@1", "chip/other@1").err())
        .contains("they are different datasets");

    Result exported =
        zone("dataset", "export", "manufacturing/presses@1", "out", "--format", "csv");
    assertThat(exported.exitCode()).as(exported.err()).isZero();
    assertThat(sandbox.work().resolve("out/data.csv"))
        .hasContent("torque,speed,state\n10,1,good\n11,2,worn\n12,3,worn\n13,4,good");

    assertThat(zone("dataset", "grant", "manufacturing/presses", "lab", "read").out())
        .isEqualTo("lab read\n");
    assertThat(zone("dataset", "revoke", "manufacturing/presses", "lab").err())
        .isEqualTo("zone: all may read and feed manufacturing/presses\n");
    sandbox.write("work/job.yaml", JOB);
    Result run = zone("run", "job.yaml");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(zone("dataset", "log", "manufacturing/presses").out().lines().map(this::action))
        .containsExactlyInAnyOrder(
            "created", "fed @1", "fed @2", "exported @1", "granted", "revoked", "trained @2");
  }

  /** What an entry of the log says was done to which version. */
  private String action(String line) {
    String[] words = line.split(" +");
    return words[1] + (words[2].startsWith("@") ? " " + words[2] : "");
  }

  @Test
  void refusesThoseWhoWereNotLetIn() throws IOException {
    zone("dataset", "create", "presses.yaml");
    feed("a.csv", "10,1,0\n200,2,1\n");
    Path dataset = sandbox.registry().resolve("manufacturing/presses");
    Files.writeString(dataset.resolve("created.json"), "{\"by\": \"ada\"}");
    Files.createDirectory(dataset.resolve("grants"));
    Files.writeString(dataset.resolve("grants/1.json"), "{\"grants\": {\"lab\": \"READ\"}}");
    for (String command : new String[] {"describe", "quarantine"}) {
      assertThat(zone("dataset", command, "manufacturing/presses").err())
          .contains("Cannot read manufacturing/presses as ")
          .contains("(expected ada, or a tenant that may: [lab])");
    }
    sandbox.environment("ZONE_TENANT", "lab");
    assertThat(zone("dataset", "quarantine", "manufacturing/presses").exitCode()).isZero();
    assertThat(feed("b.csv", "10,1,0\n").err()).contains("Cannot feed manufacturing/presses as ");
    assertThat(zone("dataset", "pull", "manufacturing/presses").err())
        .contains("Cannot feed manufacturing/presses as ");
    assertThat(zone("dataset", "grant", "manufacturing/presses", "lab", "feed").err())
        .contains("Cannot say who may use manufacturing/presses as ")
        .contains("(expected its owner ada)");
  }

  private Path onlyRun() throws IOException {
    try (Stream<Path> runs = Files.list(sandbox.runs())) {
      return runs.toList().get(0);
    }
  }

  @Test
  void saysWhatIsWrongWithADescriptorAFeedOrAName() throws IOException {
    sandbox.write(
        "work/bad.yaml", DESCRIPTOR.replace("torque:", "torqe:").replace("licence", "license"));
    Result bad = zone("dataset", "create", "bad.yaml");
    assertThat(bad.exitCode()).isEqualTo(2);
    assertThat(bad.err()).contains("Cannot use key 'license'").contains("did you mean 'licence'?");
    sandbox.write(
        "work/generated.yaml", Sandbox.DATASET.replace("seed:", "parameters: {siz: 24}, seed:"));
    assertThat(zone("dataset", "create", "generated.yaml").err())
        .contains("Cannot set parameter of waferMaps: 'siz'");
    sandbox.write("work/generated.yaml", Sandbox.DATASET);
    Result generated = zone("dataset", "create", "generated.yaml");
    assertThat(generated.exitCode()).as(generated.err()).isZero();
    assertThat(generated.out()).contains("chip/tiny@1: ");
    assertThat(zone("dataset", "feed", "chip/tiny", "generated.yaml").err())
        .contains("Cannot feed chip/tiny: its rows are generated");

    assertThat(zone("dataset", "create", "presses.yaml").exitCode()).isZero();
    Result refused = feed("worn.csv", "-1,1,0\n-2,1,0\n3,1,0\n");
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.out()).contains("Nothing was taken: 2 of 3 rows are wrong");
    assertThat(refused.err()).contains("zone dataset quarantine manufacturing/presses --feed ");
    Result other = feed("other.csv", "");
    assertThat(other.exitCode()).isEqualTo(2);
    assertThat(other.err())
        .isEqualTo("zone: other.csv: Cannot use file: it is empty (expected rows)\n");
    Result tried = zone("dataset", "feed", "manufacturing/presses", "worn.csv", "--dry-run");
    assertThat(tried.exitCode()).isEqualTo(2);
    assertThat(zone("dataset", "verify", "manufacturing/presses").err())
        .contains("zone dataset feed makes its first version");
    assertThat(zone("dataset", "describe", "manufacturing/press").err())
        .contains("did you mean 'manufacturing/presses'?");
    assertThat(zone("dataset", "feed", "presses", "worn.csv").err())
        .contains("Cannot use the dataset's name: presses (expected domain/name");
    Result unknown = zone("dataset", "quarantine", "manufacturing/presses", "--feed", "x");
    assertThat(unknown.err())
        .contains("Cannot find rows that the feed x set aside (expected one of ");
    assertThat(unknown.out()).isEmpty();
  }

  @Test
  void saysWhyNothingWasTakenWhateverTheShareAllows() {
    sandbox.write("work/presses.yaml", DESCRIPTOR.replace("0.5", "1"));
    zone("dataset", "create", "presses.yaml");
    assertThat(feed("worn.csv", "-1,1,0\n-2,1,0\n").out())
        .contains(
            "Nothing was taken: all 2 rows are wrong (expected at least one that is right)\n");
  }

  @Test
  void namesSomeOfManyFiles() {
    zone("dataset", "create", "presses.yaml");
    List<String> arguments = new ArrayList<>(List.of("dataset", "feed", NAME));
    for (int i = 0; i < 23; i++) {
      sandbox.write("work/" + i + ".csv", "torque,speed,state\n" + i + ",1,0\n-1,1,0\n");
      arguments.add(i + ".csv");
    }
    String out = zone(arguments.toArray(String[]::new)).out();
    assertThat(out)
        .contains("19.csv: 1 rows, 1 set aside\nand 3 more files: 3 rows, 3 set aside\n")
        .doesNotContain("20.csv");
    assertThat(zone(arguments.toArray(String[]::new)).out())
        .contains("19.csv: fed before\nand 3 more files: fed before\n");
  }

  @Test
  void feedsLittleHereWhateverMasterIsNamedAndSaysSo() {
    zone("dataset", "create", "presses.yaml");
    sandbox.write("work/a.csv", "torque,speed,state\n10,1,0\n");
    Result fed =
        zone(
            "dataset",
            "feed",
            "manufacturing/presses",
            "a.csv",
            "--master",
            "spark://nowhere:7077");
    assertThat(fed.exitCode()).as(fed.err()).isZero();
    assertThat(fed.err()).contains("zone: less than 256m (26 bytes) is fed here, without Spark");
    assertThat(fed.out()).endsWith("manufacturing/presses@1: 1 rows more, 0 set aside\n");
  }

  @Test
  void refusesPlacesThatAFeedCannotBeReadAt() {
    zone("dataset", "create", "presses.yaml");
    sandbox.write("work/a.csv", "torque,speed,state\n" + "10,1,0\n".repeat(200));
    sandbox.write(
        "work/z.yaml",
        """
        name: z
        centres:
          a:
            master: k8s://https://kubernetes.internal:6443
            deployMode: cluster
            kubernetes: {namespace: z, image: i, serviceAccount: s, volumeClaim: c}
            storage: file:/srv/z
            machines: [{name: m, cores: 1, memory: 4g}]
        """);
    assertThat(refused("--master", "yarn"))
        .contains("Cannot use the master: yarn (expected local[N] or spark://host:port)");
    assertThat(refused("--master", "local[2]", "--zone", "z.yaml"))
        .contains("Cannot feed on both the master local[2] and a centre (expected one of them)");
    assertThat(refused("--zone", "z.yaml", "--spark-from", "1k").lines())
        .containsExactly(
            "zone: Cannot feed the registry in pods of z/a: %s (expected a place below /srv/z, which they have mounted, or a URI such as hdfs://namenode:8020/datasets)"
                .formatted(sandbox.registry()),
            "zone: Cannot feed the file in pods of z/a: %s (expected a place below /srv/z, which they have mounted, or a URI such as hdfs://namenode:8020/lots/1.csv)"
                .formatted(sandbox.work().resolve("a.csv")));
    assertThat(refused("--piece", "1k")).contains("Cannot use --piece: 1k (expected 64k to 256m)");
    assertThat(refused("--workers", "0"))
        .contains("Cannot feed with 0 workers (expected 1 to 10000)");
    assertThat(refused("--spark-from", "much"))
        .contains("Cannot use --spark-from: much (expected a size such as 512m or 3g)");
  }

  private String refused(String... options) {
    List<String> arguments =
        new ArrayList<>(List.of("dataset", "feed", "manufacturing/presses", "a.csv"));
    arguments.addAll(List.of(options));
    Result result = zone(arguments.toArray(String[]::new));
    assertThat(result.exitCode()).as(result.err()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    return result.err();
  }
}
