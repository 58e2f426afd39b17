package dev.zone.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {
  @TempDir private Path folder;

  @Test
  void leavesNoHalfWrittenFileWhereItCannotWrite() throws IOException {
    Files.createDirectories(folder.resolve("result.json/in-the-way"));

    assertThatThrownBy(() -> new RunFolder(folder).replace("result.json", new JsonObject()))
        .isInstanceOf(ZoneException.class)
        .hasMessageStartingWith("Cannot write file: " + folder.resolve("result.json"))
        .extracting("kind")
        .isEqualTo(ErrorKind.ENVIRONMENT);

    assertThat(folder).isDirectoryNotContaining("glob:**.writing");
  }

  @Test
  void beginsALineOfItsOwnBehindOneThatWasCutOff() throws IOException {
    Path metrics = folder.resolve("metrics.jsonl");
    Files.writeString(metrics, "{\"type\":\"start\"}\n{\"type\":\"st");
    RunFolder run = new RunFolder(folder);
    JsonObject json = new JsonObject();
    json.addProperty("type", "resume");

    run.append("metrics.jsonl", json);
    run.append("metrics.jsonl", json);
    run.append("events.jsonl", json);
    new RunFolder(folder).append("metrics.jsonl", json);

    String line = "{\"type\":\"resume\"}\n";
    assertThat(metrics).hasContent("{\"type\":\"start\"}\n{\"type\":\"st\n" + line + line + line);
    assertThat(folder.resolve("events.jsonl")).hasContent(line);
  }
}
