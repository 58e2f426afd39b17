package dev.zone.conf.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zone.conf.ColumnSpec;
import dev.zone.conf.SplitSpec;
import dev.zone.conf.UpdaterSpec;
import dev.zone.conf.error.Problem;
import dev.zone.conf.error.Problems;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a file or a flag can have wrong, down to bytes from somebody who means harm. */
class YamlProblemsTest {
  @TempDir Path folder;

  enum Side {
    LEFT,
    @Named("starboard")
    RIGHT_HAND
  }

  @Choice
  sealed interface Engine permits Engine.Steam, Engine.Sail {
    record Steam(@Default("1") @Range(min = 0, openMin = true) double pressure) implements Engine {}

    record Sail(@Range(min = 1) int masts) implements Engine {}
  }

  record Ship(
      String name,
      @Range(min = 0, max = 1, openMax = true) @Default("0.5") double load,
      @Range(min = 1, max = 9) @Size(min = 1, max = 2) @Default("[1]") List<Integer> decks,
      @Default("{}") Map<Side, String> lights,
      Optional<Engine> engine,
      @Default("9000000000") long built,
      @Default("true") boolean afloat,
      @Matches(value = "[a-z]+", expected = "small letters") Optional<String> port) {}

  @Test
  void bindsAllKindsOfValues() {
    Ship ship =
        bind(
            """
            {"name": "a: b", "load": .25, "decks": [2, 3],
             "lights": {"starboard": green, "left": red},
             "engine": {"sail": {"masts": 3}}, "built": -1, "afloat": false, "port": "x"}
            """);
    assertThat(ship)
        .isEqualTo(
            new Ship(
                "a: b",
                0.25,
                List.of(2, 3),
                Map.of(Side.RIGHT_HAND, "green", Side.LEFT, "red"),
                Optional.of(new Engine.Sail(3)),
                -1,
                false,
                Optional.of("x")));
    assertThat(ship.lights().keySet()).containsExactly(Side.RIGHT_HAND, Side.LEFT);
  }

  @Test
  void fillsInDefaults() {
    assertThat(bind("name: 3"))
        .isEqualTo(
            new Ship(
                "3",
                0.5,
                List.of(1),
                Map.of(),
                Optional.empty(),
                9_000_000_000L,
                true,
                Optional.empty()));
    assertThat(bind("{name: x, engine: steam}").engine()).contains(new Engine.Steam(1));
    assertThat(bind("{name: x, engine: {steam: }}").engine()).contains(new Engine.Steam(1));
    assertThat(bind("{name: x, engine: null, port: ~}").engine()).isEmpty();
  }

  @Test
  void saysWhatAValueMustBe() {
    assertProblems(
        "", ":1:1: Cannot use the file: nothing (expected a mapping with the keys " + KEYS + ")");
    assertProblems(
        "[]", ":1:1: Cannot use the file: a list (expected a mapping with the keys " + KEYS + ")");
    assertProblems("{}", ":1:1: Cannot find key 'name' (expected a text)");
    assertProblems("name: [x]", ":1:7: Cannot use name: a list (expected a text)");
    assertProblems("name:", ":1:6: Cannot use name: nothing (expected a text)");
    assertProblems(
        "{name: x, load: 1}", ":1:17: Cannot use load: 1 (expected a number from 0 to below 1)");
    assertProblems(
        "{name: x, load: .inf}",
        ":1:17: Cannot use load: .inf (expected a number from 0 to below 1)");
    assertProblems(
        "{name: x, load: 1e999}",
        ":1:17: Cannot use load: 1e999 (expected a number from 0 to below 1)");
    assertProblems(
        "{name: x, decks: []}",
        ":1:18: Cannot use decks: a list of 0 (expected a list of 1 to 2 elements, each a whole number from 1 to 9)");
    assertProblems(
        "{name: x, decks: [1.5, 10, 99999999999]}",
        ":1:18: Cannot use decks: a list of 3 (expected a list of 1 to 2 elements, each a whole number from 1 to 9)",
        ":1:19: Cannot use decks.0: 1.5 (expected a whole number from 1 to 9)",
        ":1:24: Cannot use decks.1: 10 (expected a whole number from 1 to 9)",
        ":1:28: Cannot use decks.2: 99999999999 (expected a whole number from 1 to 9)");
    assertProblems(
        "{name: x, built: 9223372036854775808}",
        ":1:18: Cannot use built: 9223372036854775808 (expected a whole number)");
    assertProblems(
        "{name: x, lights: {middle: x}}",
        ":1:20: Cannot use key 'middle' in lights (expected one of left, starboard)");
    assertProblems(
        "{name: x, lights: green}",
        ":1:19: Cannot use lights: green (expected a mapping, each value a text)");
    assertProblems(
        "{name: x, afloat: yes}", ":1:19: Cannot use afloat: yes (expected true or false)");
    assertProblems("{name: x, port: A1}", ":1:17: Cannot use port: A1 (expected small letters)");
    assertProblems(
        "{name: x, engine: {steam: {}, sail: {masts: 1}}}",
        ":1:19: Cannot use engine: the keys steam, sail (expected exactly one of steam, sail)");
    assertProblems(
        "{name: x, engine: {steam: 3}}",
        ":1:27: Cannot use engine.steam: 3 (expected a mapping with the keys pressure)");
    assertProblems(
        "{name: x, engine: [steam]}",
        ":1:19: Cannot use engine: a list (expected one of steam, sail)");
    assertProblems(
        "{name: x, engine: {sail: {}}}",
        ":1:26: Cannot find key 'masts' in engine.sail (expected a whole number of at least 1)");
  }

  private static final String KEYS = "name, load, decks, lights, engine, built, afloat, port";

  @Test
  void doesNotCallAMisspeltKeyMissingToo() {
    assertProblems(
        "nmae: x",
        ":1:1: Cannot use key 'nmae' (expected one of " + KEYS + "), did you mean 'name'?");
  }

  @Test
  void refusesDuplicateKeysTagsAndBrokenYaml() {
    assertProblems(
        "name: x\nname: y\n",
        ":2:1: Cannot use key 'name' twice (expected once; the first is at ship.yaml:1:1)");
    assertProblems(
        "name: !!java.net.URL x",
        ":1:7: Cannot use tag tag:yaml.org,2002:java.net.URL (expected no tags)");
    assertProblems(
        "name: [x",
        ":1:9: Cannot read YAML: expected ',' or ']', but got <stream end> (expected YAML 1.2)");
    assertProblems(
        "name: x\n---\nname: y\n", ":2:1: Cannot read YAML: a second document (expected one)");
    assertProblems(
        "[x]: y",
        ":1:1: Cannot use a list as a key (expected a text)",
        ":1:1: Cannot find key 'name' (expected a text)");
    assertProblems(
        "name: *x", ":1:7: Cannot use alias *x (expected an anchor that is complete before it)");
    assertProblems(
        "&a [*a]", ":1:5: Cannot use alias *a (expected an anchor that is complete before it)");
  }

  @Test
  void boundsWhatATextCanMakeIt() {
    assertThat(bind("{name: &n x, port: *n}").port()).contains("x");
    StringBuilder laughs = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 10; i++) {
      String previous = "*a" + (i - 1);
      laughs.append(
          "a%d: &a%d [%s]\n"
              .formatted(i, i, String.join(", ", java.util.Collections.nCopies(10, previous))));
    }
    assertProblems(
        laughs.toString(), ":5:45: Cannot read YAML: more than 100000 values (expected fewer)");
    assertProblems(
        "[".repeat(51), ":1:51: Cannot read YAML: nested deeper than 50 levels (expected fewer)");
    assertProblems(
        "[".repeat(100_000),
        ":1:51: Cannot read YAML: nested deeper than 50 levels (expected fewer)");
    assertProblems(
        "x".repeat(1 << 21), ": Cannot read YAML: 2097152 characters (expected at most 1 MiB)");
    StringBuilder deep = new StringBuilder("a0: &a0 [x]\n");
    for (int i = 1; i < 60; i++) {
      deep.append("a%d: &a%d [*a%d]\n".formatted(i, i, i - 1));
    }
    assertThat(problems(deep.toString()))
        .hasSize(1)
        .first()
        .asString()
        .endsWith("Cannot read YAML: nested deeper than 50 levels (expected fewer)");
  }

  @Test
  void readsCharactersBeyondTheBasicPlaneWhereverTheyFall() {
    for (int before = 1010; before < 1030; before++) {
      String name = "x".repeat(before) + "\uD83D\uDE97".repeat(1030);
      assertThat(bind("name: " + name).name()).isEqualTo(name);
    }
    assertThat(problems("name: \uD83D")).singleElement().asString().contains("Cannot read YAML: ");
    assertThat(problems("name: \uDE97x")).singleElement().asString().contains("Cannot read YAML: ");
  }

  @Test
  void showsHostileTextsHarmlesslyAndBriefly() {
    assertThat(problems("name: x\nafloat: \"\\e[2J\\r" + "y".repeat(500) + "\""))
        .singleElement()
        .asString()
        .isEqualTo(
            "ship.yaml:2:9: Cannot use afloat: \"?[2J?"
                + "y".repeat(75)
                + "…\" (expected true or false)");
  }

  @Test
  void readsFilesAsUtf8() throws IOException {
    Path file = folder.resolve("ship.yaml");
    Files.writeString(file, "\uFEFFname: Größe\n");
    Problems problems = new Problems();
    assertThat(YamlBinder.read(file, Ship.class, List.of(), problems).orElseThrow().value().name())
        .isEqualTo("Größe");
    Files.write(file, "name: Größe".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(YamlBinder.read(file, Ship.class, List.of(), problems)).isEmpty();
    assertThat(YamlBinder.read(folder, Ship.class, List.of(), problems)).isEmpty();
    Path missing = folder.resolve("boat.yaml");
    assertThat(YamlBinder.read(missing, Ship.class, List.of(), problems)).isEmpty();
    Files.write(missing, new byte[(1 << 20) + 1]);
    assertThat(YamlBinder.read(missing, Ship.class, List.of(), problems)).isEmpty();
    assertThat(problems.list())
        .containsExactly(
            new Problem(
                file.toString(),
                "Cannot read YAML: bytes that are not UTF-8 (expected UTF-8 text)"),
            new Problem(folder.toString(), "Cannot read YAML: a folder (expected a file)"),
            new Problem(
                folder.resolve("boat.yaml").toString(),
                "Cannot read YAML: no such file (expected an existing file)"),
            new Problem(
                missing.toString(), "Cannot read YAML: more than 1 MiB (expected at most 1 MiB)"));
  }

  @Test
  void placesProblemsOfSettingsAtTheirFlags() {
    assertSettingProblems(
        List.of("laod=1"),
        "--set laod: Cannot use key 'laod' (expected one of " + KEYS + "), did you mean 'load'?");
    assertSettingProblems(
        List.of("load=2"), "--set load: Cannot use load: 2 (expected a number from 0 to below 1)");
    assertSettingProblems(
        List.of("decks.2=4"),
        "--set decks.2: Cannot find element '2' of decks (expected a number from 0 to 1)");
    assertSettingProblems(
        List.of("decks.x=4"),
        "--set decks.x: Cannot find element 'x' of decks (expected a number from 0 to 1)");
    assertSettingProblems(
        List.of("lights=[]", "lights.0=4"),
        "--set lights.0: Cannot find element '0' of lights (expected none: the list is empty)",
        "--set lights: Cannot use lights: a list (expected a mapping, each value a text)");
    assertSettingProblems(
        List.of("name.first=x"),
        "--set name.first: Cannot set name.first: name is x (expected a mapping or a list there)");
    assertSettingProblems(
        List.of("engine={sail: [}"),
        "--set engine: Cannot read YAML: expected the node content, but found '}' (expected YAML 1.2)");
    assertSettingProblems(
        List.of("engine.sail.mast=3"),
        "--set engine.sail.mast: Cannot use key 'mast' in engine.sail (expected one of masts), did you mean 'masts'?");
  }

  @Test
  void refusesSettingsThatAreNotPathAndValue() {
    Problems problems = new Problems();
    for (String text : List.of("load", "=3", "a..b=3", ".=1", "a".repeat(300) + ".=1")) {
      assertThat(Setting.parse(text, problems)).isEmpty();
    }
    assertThat(problems.list().stream().map(Problem::toString))
        .contains("Cannot use --set load (expected path=value, such as training.epochs=3)")
        .hasSize(5)
        .allMatch(text -> text.length() < 200);
  }

  @Test
  void laterSettingsWin() {
    assertThat(
            bind(
                "{name: x, decks: [1]}",
                "load=0.1",
                "load=0.2",
                "decks.0=4",
                "engine.sail.masts=2"))
        .isEqualTo(bind("{name: x, load: 0.2, decks: [4], engine: {sail: {masts: 2}}}"));
  }

  @Test
  void findsThePlacesOfValues() {
    String yaml = "name: x\nengine:\n  sail:\n    masts: 3\ndecks: [1,\n  2]\n";
    Locations at =
        YamlBinder.parse(yaml, "ship.yaml", Ship.class, List.of(), new Problems())
            .orElseThrow()
            .locations();
    assertThat(at.of("engine.sail.masts")).isEqualTo("ship.yaml:4:12");
    assertThat(at.of("engine.sail.unknown")).isEqualTo("ship.yaml:4:5");
    assertThat(at.of("decks.1")).isEqualTo("ship.yaml:6:3");
    assertThat(at.of("load")).isEqualTo("ship.yaml");
    assertThat(Locations.unknown("plan").of("load")).isEqualTo("plan");
  }

  @Test
  void namesConstantsAndAlternativesAsFilesDo() {
    assertThat(YamlNames.of(Side.RIGHT_HAND)).isEqualTo("starboard");
    assertThat(YamlNames.of(ColumnSpec.Role.IDENTIFIER)).isEqualTo("identifier");
    assertThat(YamlNames.of(SplitSpec.Split.TRAIN)).isEqualTo("train");
    assertThat(YamlNames.of(new UpdaterSpec.AmsGrad(1))).isEqualTo("amsgrad");
    assertThat(YamlNames.of(new UpdaterSpec.Sgd(1))).isEqualTo("sgd");
  }

  private static void assertProblems(String yaml, String... expected) {
    assertThat(problems(yaml))
        .containsExactlyElementsOf(
            Arrays.stream(expected).map(text -> "ship.yaml" + text).toList());
  }

  private static void assertSettingProblems(List<String> settings, String... expected) {
    assertThat(problems("{name: x, decks: [1, 2]}", settings.toArray(String[]::new)))
        .containsExactly(expected);
  }

  private static List<String> problems(String yaml, String... settings) {
    Problems problems = new Problems();
    assertThat(YamlBinder.parse(yaml, "ship.yaml", Ship.class, set(settings, problems), problems))
        .isEmpty();
    return problems.list().stream().map(Problem::toString).toList();
  }

  private static Ship bind(String yaml, String... settings) {
    Problems problems = new Problems();
    Optional<Bound<Ship>> bound =
        YamlBinder.parse(yaml, "ship.yaml", Ship.class, set(settings, problems), problems);
    assertThat(problems.list()).isEmpty();
    return bound.orElseThrow().value();
  }

  private static List<Setting> set(String[] settings, Problems problems) {
    return Arrays.stream(settings).map(s -> Setting.parse(s, problems).orElseThrow()).toList();
  }
}
