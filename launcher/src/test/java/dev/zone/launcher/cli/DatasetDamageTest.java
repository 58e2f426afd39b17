package dev.zone.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.zone.launcher.cli.Sandbox.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What commands say of datasets that somebody damaged, or let others not use. */
@Timeout(120)
class DatasetDamageTest {
  private static final String NAME = "manufacturing/presses";

  private static final String DESCRIPTOR =
      """
      name: manufacturing/presses
      title: What presses do
      source: {format: delimited, files: [{path: '*.csv'}]}
      columns: {torque: {}}
      licence: none stated
      citation: none
      """;

  @TempDir private Path folder;
  private Sandbox sandbox;

  @BeforeEach
  void makeSandbox() {
    sandbox = new Sandbox(folder);
    for (String name : List.of("presses", "lathes", "mills")) {
      sandbox.write("work/" + name + ".yaml", DESCRIPTOR.replace("presses", name));
      assertThat(zone("dataset", "create", name + ".yaml").exitCode()).isZero();
    }
    sandbox.write("work/monday.csv", "torque\n1\n2\n");
    assertThat(zone("dataset", "feed", NAME, "monday.csv").exitCode()).isZero();
  }

  private Result zone(String... arguments) {
    return sandbox.zone("succeed", arguments);
  }

  private Path dataset(String name) {
    return sandbox.registry().resolve("manufacturing").resolve(name);
  }

  @Test
  void listsTheOthersWhereOneIsDamaged() throws IOException {
    Files.delete(dataset("lathes").resolve("dataset.yaml"));
    assertThat(zone("dataset", "feed", "manufacturing/mills", "monday.csv").exitCode()).isZero();
    Files.writeString(dataset("mills").resolve("versions/1.json"), "{}");
    Result listed = zone("dataset", "list");
    assertThat(listed.exitCode()).as(listed.err()).isZero();
    assertThat(listed.out().lines())
        .hasSize(4)
        .anyMatch(line -> line.matches("manufacturing/lathes +damaged: it has no dataset\\.yaml"))
        .anyMatch(
            line ->
                line.matches(
                    "manufacturing/mills +damaged: Cannot use manufacturing/mills@1: its manifest .*"))
        .anyMatch(line -> line.matches("manufacturing/presses +1 +2 .*"));
    JsonObject json =
        JsonParser.parseString(zone("dataset", "list", "-o", "json").out()).getAsJsonObject();
    assertThat(json.getAsJsonArray("datasets"))
        .extracting(one -> one.getAsJsonObject().has("damaged"))
        .containsExactly(true, true, false);
    assertThat(
            json.getAsJsonArray("datasets").get(0).getAsJsonObject().get("damaged").getAsString())
        .isEqualTo("it has no dataset.yaml");
  }

  @Test
  void saysWhatHelpsWhereAVersionIsNotWhatItWas() throws IOException {
    Path part = dataset("presses").resolve("feeds");
    part = part.resolve(part.toFile().list()[0]).resolve("data/0.parquet");
    Files.writeString(part, "x");
    Result verified = zone("dataset", "verify", NAME);
    assertThat(verified.exitCode()).isEqualTo(4);
    assertThat(verified.err())
        .contains("it was changed (expected ")
        .endsWith(
            "zone: put these files back as they were written, from a copy of %s; without one feed monday.csv again, to another registry (--registry)\n"
                .formatted(dataset("presses")));
  }

  @Test
  void showsALogAndVerifiesOnlyForThoseWhoMayReadAndNamesTheTenant() throws IOException {
    sandbox.environment("ZONE_TENANT", "hall");
    sandbox.write("work/tuesday.csv", "torque\n3\n");
    assertThat(zone("dataset", "feed", NAME, "tuesday.csv").exitCode()).isZero();
    assertThat(zone("dataset", "export", NAME, "out").exitCode()).isZero();
    assertThat(zone("dataset", "grant", NAME, "lab", "read").exitCode()).isZero();
    String user = System.getProperty("user.name");
    assertThat(zone("dataset", "log", NAME).out().lines())
        .anyMatch(line -> line.matches(".* fed +@1 +%s  2 rows.*".formatted(user)))
        .anyMatch(line -> line.matches(".* fed +@2 +%s of hall  1 rows.*".formatted(user)))
        .anyMatch(line -> line.matches(".* exported +@2 +%s of hall  .*".formatted(user)))
        .anyMatch(line -> line.matches(".* granted +%s of hall  lab read".formatted(user)));
    JsonObject json =
        JsonParser.parseString(zone("dataset", "log", NAME, "-o", "json").out()).getAsJsonObject();
    assertThat(json.getAsJsonArray("entries"))
        .extracting(entry -> entry.getAsJsonObject().has("tenant"))
        .containsExactlyInAnyOrder(false, false, true, true, true);

    Path created = dataset("presses").resolve("created.json");
    Files.writeString(created, Files.readString(created).replace(user, "somebody"));
    for (String command : List.of("log", "verify")) {
      Result refused = zone("dataset", command, NAME);
      assertThat(refused.exitCode()).isEqualTo(2);
      assertThat(refused.err())
          .contains("Cannot read %s as %s of hall (expected somebody, or".formatted(NAME, user));
    }
    sandbox.environment("ZONE_TENANT", "lab");
    assertThat(zone("dataset", "log", NAME).exitCode()).isZero();
    assertThat(zone("dataset", "verify", NAME).exitCode()).isZero();
  }
}
