package dev.zone.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ValidateCommandTest {
  @TempDir private Path folder;
  private Sandbox sandbox;

  @BeforeEach
  void place() {
    sandbox = new Sandbox(folder);
  }

  @Test
  void saysWhatWouldBeTrained() {
    Sandbox.Result result = sandbox.zone("succeed", "validate", "tiny.yaml");

    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    assertThat(result.out())
        .startsWith("tiny: nothing wrong was found\n")
        .containsPattern("dataset +chip/tiny \\(generated data\\)")
        .containsPattern("examples +train 1,500, validation 200, test 300")
        .containsPattern("parameters +54,321")
        .containsPattern("steps per epoch +12")
        .containsPattern("workers +2")
        .containsPattern("engine +onednn \\(all 2 layers\\)")
        .doesNotContain("%0")
        .containsPattern("memory per worker +about 700 MB for arrays \\(600m leaves ")
        .containsPattern("layer0 +ConvolutionLayer +\\[8 x 32 x 32] +80")
        .contains("warning: Near-full: 4 of 1500");
    assertThat(sandbox.runNames()).isEmpty();
  }

  @Test
  void showsWhatIsCompiledIfAsked() {
    Sandbox.Result result = sandbox.zone("succeed", "validate", "tiny.yaml", "--explain-engine");
    assertThat(result.out()).endsWith("\n%0 = input 0\n");
  }

  @Test
  void printsOneJsonObject() {
    Sandbox.Result result = sandbox.zone("succeed", "validate", "tiny.yaml", "-o", "json");

    JsonObject json = JsonParser.parseString(result.out()).getAsJsonObject();
    assertThat(json.get("parameters").getAsInt()).isEqualTo(54321);
    assertThat(result.out().lines()).hasSize(1);
  }

  @Test
  void passesOnWhatTheApplicationFindsWrong() {
    Sandbox.Result result = sandbox.zone("refuse", "validate", "tiny.yaml");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err())
        .isEqualTo(
            """
            zone: job.yaml:3:8: Cannot use the column: mapp
            zone: job.yaml:4:1: and another problem
            """);
    assertThat(result.out()).isEmpty();
  }
}
