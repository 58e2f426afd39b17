package dev.zone.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.zone.conf.error.ErrorKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AttemptFilesTest {
  @TempDir private Path folder;

  @Test
  void numbersAttemptsAndKeepsHowEachEnded() throws Exception {
    AttemptFiles files = new AttemptFiles(new RunFolder(folder));
    assertThat(files.begin(2, 0)).isEqualTo(1);
    files.failed(1, ErrorKind.ENVIRONMENT, "rank 1 is gone", "it is gone", 37);
    assertThat(files.begin(2, 30)).isEqualTo(2);
    files.end(2, "SUCCEEDED", 100);
    List<JsonObject> lines = lines();
    assertThat(lines).hasSize(2);
    assertThat(lines.get(0).get("cause").getAsString()).isEqualTo("rank 1 is gone");
    assertThat(lines.get(0).get("step").getAsInt()).isEqualTo(37);
    assertThat(lines.get(1).get("fromStep").getAsInt()).isEqualTo(30);
    assertThat(lines.get(1).get("workers").getAsInt()).isEqualTo(2);
    assertThat(files.last()).isEqualTo(2);
  }

  @Test
  void endsAnAttemptWhoseDriverDied() throws Exception {
    new AttemptFiles(new RunFolder(folder)).begin(2, 7);
    assertThat(new AttemptFiles(new RunFolder(folder)).begin(2, 7)).isEqualTo(2);
    assertThat(lines().get(0).get("outcome").getAsString()).isEqualTo("LOST");
    assertThat(lines().get(0).get("fromStep").getAsInt()).isEqualTo(7);
  }

  @Test
  void bringsWhatARankSaid() {
    AttemptFiles files = new AttemptFiles(new RunFolder(folder));
    JsonObject json = new JsonObject();
    json.addProperty("cause", "x");
    files.writeRank(3, 1, json);
    assertThat(files.readRank(3, 1)).contains(json);
    assertThat(files.readRank(3, 0)).isEmpty();
  }

  @Test
  void letsOneApplicationWorkOnARun() {
    RunFolder run = new RunFolder(folder);
    try (RunLock held = RunLock.take(run)) {
      assertThat(held).isNotNull();
      assertThatThrownBy(() -> RunLock.take(run))
          .hasMessageContaining("Cannot work on run: ")
          .hasMessageContaining("no other application");
    }
    RunLock.take(run).close();
  }

  private List<JsonObject> lines() throws Exception {
    return Files.readAllLines(folder.resolve("attempts.jsonl")).stream()
        .map(line -> JsonParser.parseString(line).getAsJsonObject())
        .toList();
  }
}
