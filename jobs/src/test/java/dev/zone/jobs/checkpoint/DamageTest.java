package dev.zone.jobs.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.storage.Storage;
import dev.zone.jobs.checkpoint.Checkpoints.Newest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever happens to the newest checkpoint's bytes, the one before is used, and said so. */
class DamageTest {
  private static final int LONGEST = 100;

  @TempDir Path folder;
  private Checkpoints checkpoints;
  private Path newest;

  @BeforeEach
  void writeTwo() {
    checkpoints = new Checkpoints(Storage.local(folder), 2);
    checkpoints.write(Samples.at(100));
    newest = folder.resolve(checkpoints.write(Samples.at(200)).name());
  }

  @Test
  void findsABitThatFlipsInAnyByte() throws IOException {
    int found = 0;
    for (Path file : files()) {
      byte[] right = Files.readAllBytes(file);
      for (int at = 0; at < right.length; at++) {
        byte[] wrong = right.clone();
        int bit = found % 8;
        wrong[at] ^= (byte) (1 << bit);
        Files.write(file, wrong);
        requireTheOneBefore(file + " byte " + at + " bit " + bit);
        found++;
      }
      Files.write(file, right);
    }
    assertThat(found).isGreaterThan(500);
    assertThat(step(checkpoints.newestUsable(LONGEST))).isEqualTo(200);
  }

  @Test
  void findsEveryTruncationAndExtension() throws IOException {
    for (Path file : files()) {
      byte[] right = Files.readAllBytes(file);
      for (int length = 0; length < right.length; length++) {
        Files.write(file, Arrays.copyOf(right, length));
        requireTheOneBefore(file + " of " + length + " bytes");
      }
      Files.write(file, Arrays.copyOf(right, right.length + 1));
      requireTheOneBefore(file + " with a byte more");
      Files.write(file, right);
    }
  }

  @Test
  void findsEveryFileThatIsMissing() throws IOException {
    Map<String, String> reasons =
        Map.of(
            "checkpoint.json", "checkpoint.json is missing",
            "checkpoint.sha256", "checkpoint.sha256 is missing",
            "parameters.f32", "parameters.f32 is missing",
            "updater.f32", "updater.f32 is missing",
            "best.f32", "best.f32 is missing",
            "transforms.json", "transforms.json is missing");
    assertThat(files()).hasSize(reasons.size());
    for (Path file : files()) {
      byte[] right = Files.readAllBytes(file);
      Files.delete(file);
      assertThat(passedOver())
          .isEqualTo(
              "Cannot use checkpoint: "
                  + newest
                  + " ("
                  + reasons.get(file.getFileName().toString())
                  + ")");
      Files.write(file, right);
    }
    for (Path file : files()) {
      Files.delete(file);
    }
    requireTheOneBefore("an empty folder");
  }

  @Test
  void saysWhatIsWrong() throws IOException {
    Path vector = newest.resolve("parameters.f32");
    byte[] right = Files.readAllBytes(vector);
    Files.write(vector, new byte[4]);
    assertThat(passedOver())
        .isEqualTo(
            "Cannot use checkpoint: " + newest + " (parameters.f32 has 4 bytes, expected 8)");
    Files.write(vector, new byte[8]);
    assertThat(passedOver())
        .isEqualTo(
            "Cannot use checkpoint: "
                + newest
                + " (parameters.f32 does not have the digest it was written with)");
    Files.write(vector, right);
    Path json = newest.resolve("checkpoint.json");
    Files.writeString(json, Files.readString(json) + " ");
    assertThat(passedOver())
        .isEqualTo(
            "Cannot use checkpoint: "
                + newest
                + " (checkpoint.json and checkpoint.sha256 do not agree)");
    Files.write(json, new byte[(1 << 20) + 1]);
    assertThat(passedOver())
        .isEqualTo(
            "Cannot use checkpoint: "
                + newest
                + " (checkpoint.json has 1048577 bytes, expected at most 1048576)");
  }

  @Test
  void refusesAFormatOfTheFuture() throws IOException {
    rewriteJson("\"format\":2", "\"format\":9");
    assertThat(passedOver())
        .isEqualTo("Cannot use checkpoint: " + newest + " (format 9, expected 1 or 2)");
  }

  @Test
  void refusesWhatIsNoManifest() throws IOException {
    String json = Files.readString(newest.resolve("checkpoint.json"));
    for (String text :
        List.of(
            "",
            "[]",
            "{}",
            "null",
            "{\"format\":",
            "[".repeat(100_000),
            json.replace("\"step\":200", "\"step\":[1,2]"),
            json.replace("\"step\":200", "\"step\":\"x\""),
            json.replace("\"step\":200", "\"step\":null"),
            json.replace("\"vectors\":{", "\"vectors\":3,\"rest\":{"),
            json.replace("\"origin\":{", "\"origin\":null,\"rest\":{"))) {
      assertThat(text).isNotEqualTo(json);
      Files.writeString(newest.resolve("checkpoint.json"), text);
      writeSums();
      assertThat(passedOver())
          .isEqualTo(
              "Cannot use checkpoint: " + newest + " (checkpoint.json is not what we write)");
    }
  }

  @Test
  void makesNoRoomForWhatALengthClaims() throws IOException {
    rewriteJson("\"parameters\":{\"length\":2", "\"parameters\":{\"length\":2000000000");
    assertThat(passedOver())
        .isEqualTo(
            "Cannot use checkpoint: "
                + newest
                + " (parameters.f32 has 2000000000 floats, expected at most 100)");
    assertThat(checkpoints.newestUsable(Integer.MAX_VALUE).passedOver())
        .containsExactly(
            "Cannot use checkpoint: "
                + newest
                + " (parameters.f32 has 8 bytes, expected 8000000000)");
    rewriteJson("\"length\":2000000000", "\"length\":-1");
    assertThat(passedOver())
        .isEqualTo(
            "Cannot use checkpoint: "
                + newest
                + " (parameters.f32 has -1 floats, expected at most 100)");
  }

  @Test
  void refusesACheckpointUnderAnothersName() throws IOException {
    Path renamed = folder.resolve("step-00000300");
    Files.move(newest, renamed);
    assertThat(passedOver())
        .isEqualTo("Cannot use checkpoint: " + renamed + " (it is of step 200, its name says 300)");
  }

  @Test
  void refusesALinkOutOfTheFolder() throws IOException {
    Path vector = newest.resolve("parameters.f32");
    Path elsewhere = folder.resolve("elsewhere");
    Files.move(vector, elsewhere);
    Files.createSymbolicLink(vector, elsewhere);
    assertThat(passedOver()).startsWith("Cannot read checkpoint: " + newest).contains("a link");
  }

  @Test
  void tellsUnreadableFromNotThere() throws IOException {
    for (Path checkpoint : List.of(newest, folder.resolve("step-00000100"))) {
      Path vector = checkpoint.resolve("parameters.f32");
      Files.delete(vector);
      Files.createDirectory(vector);
    }
    assertThatThrownBy(() -> checkpoints.newestUsable(LONGEST))
        .isInstanceOfSatisfying(
            ZoneException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.ENVIRONMENT))
        .hasMessageContaining("Cannot read checkpoint: " + newest)
        .hasMessageContaining("step-00000100");
  }

  @Test
  void hasNoneIfAllAreDamaged() throws IOException {
    for (String name : checkpoints.list()) {
      Files.delete(folder.resolve(name).resolve("updater.f32"));
    }
    Newest found = checkpoints.newestUsable(LONGEST);
    assertThat(found.usable()).isEmpty();
    assertThat(found.passedOver()).hasSize(2);
  }

  @Test
  void doesNotCountWhatWasPassedOverAmongTheKept() throws IOException {
    Files.delete(newest.resolve("updater.f32"));
    assertThat(step(checkpoints.newestUsable(LONGEST))).isEqualTo(100);
    // Who finds and who goes on are not the same process.
    Checkpoints writer = new Checkpoints(Storage.local(folder), 2);
    writer.read("step-00000100", LONGEST);
    writer.write(Samples.at(150));
    assertThat(writer.list()).containsExactly("step-00000200", "step-00000150", "step-00000100");
    checkpoints.write(Samples.at(160));
    assertThat(checkpoints.list())
        .containsExactly("step-00000200", "step-00000160", "step-00000150");
    writer.write(Samples.at(250));
    assertThat(writer.list()).containsExactly("step-00000250", "step-00000160");
  }

  @Test
  void countsTheLastOfAStepsGenerations() throws IOException {
    Files.delete(newest.resolve("updater.f32"));
    checkpoints.write(Samples.at(150));
    // Nothing that is published is replaced.
    assertThat(checkpoints.write(Samples.at(200)).name()).isEqualTo("step-00000200-2");
    assertThat(checkpoints.list()).containsExactly("step-00000200-2", "step-00000150");
    assertThat(step(checkpoints.newestUsable(LONGEST))).isEqualTo(200);
  }

  private void requireTheOneBefore(String what) {
    Newest found = checkpoints.newestUsable(LONGEST);
    assertThat(step(found)).as(what).isEqualTo(100);
    assertThat(found.passedOver()).as(what).hasSize(1);
  }

  private String passedOver() {
    Newest found = checkpoints.newestUsable(LONGEST);
    assertThat(step(found)).isEqualTo(100);
    assertThat(found.passedOver()).hasSize(1);
    return found.passedOver().get(0);
  }

  private static int step(Newest found) {
    return found.usable().orElseThrow().position().step();
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(newest)) {
      return files.sorted().toList();
    }
  }

  /** As somebody would who wants to be believed: with the digest that fits. */
  private void rewriteJson(String old, String replacement) throws IOException {
    Path json = newest.resolve("checkpoint.json");
    String text = Files.readString(json);
    assertThat(text).contains(old);
    Files.writeString(json, text.replace(old, replacement));
    writeSums();
  }

  private void writeSums() throws IOException {
    Path sums = newest.resolve("checkpoint.sha256");
    List<String> lines = Files.readAllLines(sums);
    byte[] json = Files.readAllBytes(newest.resolve("checkpoint.json"));
    Files.writeString(
        sums,
        Sha256.line("checkpoint.json", Sha256.of(json))
            + String.join("\n", lines.subList(1, lines.size()))
            + "\n");
  }
}
