package dev.zone.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zone.conf.PlanSpec;
import dev.zone.conf.PlanSpec.StartSpec;
import dev.zone.conf.error.Problems;
import dev.zone.conf.yaml.YamlBinder;
import dev.zone.datasets.format.Digests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code --from}: what a training starts from is found and pinned before any application starts.
 */
class StartFromTest {
  @TempDir private Path folder;
  private Sandbox sandbox;

  @BeforeEach
  void place() {
    sandbox = new Sandbox(folder);
  }

  private static PlanSpec plan(Path run) {
    Problems problems = new Problems();
    return YamlBinder.read(run.resolve("plan.yaml"), PlanSpec.class, List.of(), problems)
        .orElseThrow(() -> new AssertionError(problems.list()))
        .value();
  }

  /** A run that succeeded, with a model and its transforms. */
  private Path trainedRun() throws IOException {
    assertThat(sandbox.zone("succeed", "run", "tiny.yaml").exitCode()).isZero();
    Path run = sandbox.onlyRun();
    Files.writeString(run.resolve("model/model.zip"), "a model");
    Files.writeString(run.resolve("model/transforms.json"), "{}");
    return run;
  }

  /** The run beside another. */
  private Path runBeside(Path first) {
    List<String> names =
        sandbox.runNames().stream()
            .filter(name -> !name.equals(first.getFileName().toString()))
            .toList();
    assertThat(names).hasSize(1);
    return sandbox.runs().resolve(names.get(0));
  }

  @Test
  void copiesAndPinsTheModelOfARun() throws IOException {
    Path first = trainedRun();

    Sandbox.Result result = sandbox.zone("succeed", "run", "tiny.yaml", "--from", "20261122");

    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    Path second = runBeside(first);
    Path copy = second.resolve("model-files/from.zip");
    assertThat(plan(second).from())
        .contains(
            new StartSpec(
                first.getFileName().toString(),
                "from.zip",
                Digests.ofFile(first.resolve("model/model.zip"))));
    assertThat(copy).hasContent("a model");
    assertThat(second.resolve("model-files/from.zip.transforms.json")).hasContent("{}");
  }

  @Test
  void copiesAModelsFileAndKeepsItsNameForMessages() throws IOException {
    sandbox.write("work/nets/wafers.zip", "a model of DL4J");

    assertThat(sandbox.zone("succeed", "run", "tiny.yaml", "--from", "nets/wafers.zip").exitCode())
        .isZero();

    Path run = sandbox.onlyRun();
    assertThat(plan(run).from().map(StartSpec::source)).contains("nets/wafers.zip");
    assertThat(run.resolve("model-files/from.zip")).hasContent("a model of DL4J");
    assertThat(run.resolve("model-files/from.zip.transforms.json")).doesNotExist();
  }

  @Test
  void checksWhatItStartsFromToo() throws IOException {
    trainedRun();
    assertThat(sandbox.zone("succeed", "validate", "tiny.yaml", "--from", "2026").exitCode())
        .isZero();
    assertThat(
            sandbox
                .zone("succeed", "validate", "tiny.yaml", "--from", "2026", "--runs", "others")
                .exitCode())
        .isEqualTo(2);
  }

  @Test
  void refusesWhatIsNotThereWithTheNearestNameAndTheJobsOtherProblems() {
    sandbox.write("work/wafers.zip", "a model");
    Sandbox.Result result =
        sandbox.zone(
            "succeed", "run", "tiny.yaml", "--from", "wafer.zip", "--set", "training.batchSize=0");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err())
        .contains(
            "zone: --from: Cannot find the model to start from: wafer.zip, did you mean"
                + " 'wafers.zip'? (expected a run, by its id, a beginning of the id or its folder,"
                + " or a model's file)\n")
        .contains("training.batchSize");
    assertThat(sandbox.runNames()).isEmpty();
  }

  @Test
  void refusesARunWithoutAModel() {
    sandbox.zone("fail-training", "run", "tiny.yaml");
    String id = sandbox.onlyRun().getFileName().toString();

    Sandbox.Result result = sandbox.zone("succeed", "run", "tiny.yaml", "--from", id);

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err())
        .isEqualTo(
            "zone: --from: Cannot start from "
                + id
                + ": it has no model/model.zip, it is FAILED (expected a run that SUCCEEDED)\n");
  }

  @Test
  void refusesABeginningOfSeveralRuns() throws IOException {
    Files.createDirectories(sandbox.runs().resolve("20261122-a"));
    Files.createDirectories(sandbox.runs().resolve("20261122-b"));

    Sandbox.Result result = sandbox.zone("succeed", "run", "tiny.yaml", "--from", "2026");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err())
        .isEqualTo(
            "zone: --from: Cannot tell which run is meant: 2026 (expected a longer beginning:"
                + " 20261122-a, 20261122-b)\n");
  }
}
