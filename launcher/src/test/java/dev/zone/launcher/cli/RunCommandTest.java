package dev.zone.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.zone.conf.PlanSpec;
import dev.zone.conf.error.Problems;
import dev.zone.conf.yaml.YamlBinder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunCommandTest {
  @TempDir private Path folder;
  private Sandbox sandbox;

  @BeforeEach
  void place() {
    sandbox = new Sandbox(folder);
  }

  @Test
  void showsEpochsMetricsFindingsAndTheWayToTheModel() {
    Sandbox.Result result = sandbox.zone("succeed", "run", "tiny.yaml");

    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    Path run = sandbox.onlyRun();
    assertThat(run.getFileName().toString()).matches("20261122-101502-tiny-[0-9a-f]{4}");
    assertThat(result.out())
        .contains(run.getFileName() + ": chip/tiny (generated data), 2 workers, local[2]")
        .contains("training 54,321 parameters on 128 examples, 2 workers, 2 epochs of 2 steps")
        .contains(
            "epoch 1/2: loss 0.5000, validation loss 0.3800, validation macroF1 0.8100 (best),"
                + " 2,480 examples/s, after 2 s")
        .contains("SUCCEEDED on chip/tiny (generated data): 2 epochs, 4 steps, 2 workers")
        .containsPattern("(?m)^accuracy +0\\.9512 +0\\.9530$")
        .containsPattern("(?m)^macroF1 +0\\.8611 +-$")
        .contains("warning: Near-full: 4 of 1500")
        .contains("report  " + run.resolve("report.html"))
        .contains("sha256 deadbeef")
        .contains("MultiLayerNetwork model = MultiLayerNetwork.load(new File(\"")
        .contains("transforms.json");
    assertThat(result.out()).doesNotContain("\u001b").doesNotContain("attempts");
  }

  @Test
  void writesThePlanThatTheApplicationReads() {
    sandbox.zone("succeed", "run", "tiny.yaml", "--workers", "3", "--set", "training.epochs=9");

    Problems problems = new Problems();
    PlanSpec plan =
        YamlBinder.read(sandbox.onlyRun().resolve("plan.yaml"), PlanSpec.class, List.of(), problems)
            .orElseThrow(() -> new AssertionError(problems.list()))
            .value();

    assertThat(plan.run()).isEqualTo(sandbox.onlyRun().getFileName().toString());
    assertThat(plan.workers()).isEqualTo(3);
    assertThat(plan.job().training().epochs()).isEqualTo(9);
    assertThat(plan.job().resources().workers()).isEqualTo(3);
    assertThat(plan.dataset().isGenerated()).isTrue();
    assertThat(plan.files()).isEmpty();
    assertThat(plan.created()).isEqualTo("2026-11-22T10:15:02Z");
    assertThat(plan.versions()).containsKeys("zone", "spark", "dl4j", "java");
  }

  @Test
  void printsExactlyOneJsonObject() {
    Sandbox.Result result = sandbox.zone("succeed", "run", "tiny.yaml", "-o", "json");

    JsonObject json = JsonParser.parseString(result.out()).getAsJsonObject();
    assertThat(result.err()).isEmpty();
    assertThat(result.out().lines()).hasSize(1);
    assertThat(json.keySet())
        .containsExactlyInAnyOrder(
            "run",
            "state",
            "dir",
            "dataset",
            "workers",
            "epochs",
            "steps",
            "examplesPerSecond",
            "seconds",
            "metrics",
            "attempts",
            "modelDigest");
    assertThat(json.getAsJsonObject("seconds").keySet())
        .containsExactly("plan", "start", "data", "train", "evaluate");
    assertThat(json.getAsJsonObject("seconds").get("plan").getAsDouble()).isPositive();
    assertThat(json.getAsJsonObject("seconds").get("start").getAsDouble()).isPositive();
  }

  @Test
  void leavesNothingOfAStartThatTheApplicationRefused() {
    Sandbox.Result result = sandbox.zone("refuse", "run", "tiny.yaml");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err())
        .isEqualTo(
            """
            zone: job.yaml:3:8: Cannot use the column: mapp
            zone: job.yaml:4:1: and another problem
            """);
    assertThat(sandbox.runNames()).isEmpty();
  }

  @Test
  void showsTheApplicationsTraceWhenAsked() {
    Sandbox.Result result = sandbox.zone("refuse", "run", "tiny.yaml", "--debug");

    assertThat(result.err()).contains("at a.place(Somewhere.java:1)");
  }

  @Test
  void saysHowAnApplicationDiedThatCouldNot() {
    Sandbox.Result result = sandbox.zone("crash-starting", "run", "tiny.yaml");

    assertThat(result.exitCode()).isEqualTo(4);
    assertThat(result.err())
        .contains("zone: The application died: signal 9, SIGKILL (the kernel does so when memory")
        .contains("zone: the last words of a start");
    assertThat(sandbox.runNames()).isEmpty();
  }

  @Test
  void keepsTheRecordOfATrainingThatDiedAndMarksItFailed() throws IOException {
    Sandbox.Result result = sandbox.zone("crash-training", "run", "tiny.yaml");

    assertThat(result.exitCode()).isEqualTo(4);
    assertThat(result.err())
        .contains("signal 11, SIGSEGV")
        .contains("the last words of a training")
        .contains("zone: the run's record is at " + sandbox.onlyRun());
    assertThat(Files.readString(sandbox.onlyRun().resolve("state.json")))
        .contains("\"state\": \"FAILED\"")
        .contains("SIGSEGV");
  }

  @Test
  void passesOnTheApplicationsOwnFailure() {
    Sandbox.Result result = sandbox.zone("fail-training", "run", "tiny.yaml", "-o", "json");

    assertThat(result.exitCode()).isEqualTo(4);
    assertThat(result.err()).contains("zone: Cannot write the checkpoint: No space left on device");
    JsonObject json = JsonParser.parseString(result.out()).getAsJsonObject();
    assertThat(json.get("state").getAsString()).isEqualTo("FAILED");
    assertThat(json.get("run").getAsString()).isEqualTo(sandbox.onlyRun().getFileName().toString());
    assertThat(json.getAsJsonObject("error").get("kind").getAsString()).isEqualTo("ENVIRONMENT");
  }

  @Test
  void saysHowToGoOnWithATrainingThatFailed() {
    Sandbox.Result result = sandbox.zone("fail-training", "run", "tiny.yaml", "-o", "json");

    String command = "zone resume " + sandbox.onlyRun().getFileName();
    assertThat(result.err()).endsWith("zone: go on with: " + command + "\n");
    JsonObject json = JsonParser.parseString(result.out()).getAsJsonObject();
    assertThat(json.get("resume").getAsString()).isEqualTo(command);
  }

  @Test
  void namesAnotherFolderOfRunsInTheCommandThatGoesOn() {
    Sandbox.Result result =
        sandbox.zone("crash-training", "run", "tiny.yaml", "--runs", "my runs/all");

    assertThat(result.err())
        .containsPattern("zone: go on with: zone resume [^ ]+ --runs 'my runs/all'\n");
  }

  @Test
  void saysNothingOfGoingOnWhereNothingIsKept() {
    Sandbox.Result result = sandbox.zone("crash-starting", "run", "tiny.yaml", "-o", "json");

    assertThat(result.err()).doesNotContain("go on with");
    assertThat(JsonParser.parseString(result.out()).getAsJsonObject().has("resume")).isFalse();
  }

  @Test
  void refusesAnEndWithoutAResult() {
    Sandbox.Result result = sandbox.zone("silent", "run", "tiny.yaml");

    assertThat(result.exitCode()).isEqualTo(4);
    assertThat(result.err()).contains("The application died: it ended without a result");
  }

  @Test
  void saysThatTheFolderOfRunsCannotBeWritten() {
    sandbox.write("work/taken", "a file");

    Sandbox.Result result = sandbox.zone("succeed", "run", "tiny.yaml", "--runs", "taken");

    assertThat(result.exitCode()).isEqualTo(4);
    assertThat(result.err())
        .startsWith("zone: Cannot create the run's folder below " + sandbox.work().resolve("taken"))
        .contains("(expected a folder that can be written; --runs names another)");
  }
}
