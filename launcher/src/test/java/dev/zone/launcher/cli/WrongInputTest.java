package dev.zone.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user gets wrong before any application starts; none of it leaves a trace. */
class WrongInputTest {
  private static final String REAL =
      """
      name: chip/real
      title: Wafer maps in a file
      source: {format: numpy, files: [{path: train.npz}]}
      columns:
        map: {type: tensor, shape: [32, 32], missing: false}
        defect: {type: category, role: label, missing: false, classes: {0: good, 1: bad}}
      split: {validation: 0.1, test: 0.2}
      licence: none stated
      citation: nobody
      address: https://data.example/chip
      """;

  @TempDir private Path folder;
  private Sandbox sandbox;

  @BeforeEach
  void place() {
    sandbox = new Sandbox(folder);
  }

  @AfterEach
  void nothingIsLeft() {
    assertThat(sandbox.runNames()).isEmpty();
  }

  private void refuses(String message, String... arguments) {
    Sandbox.Result result = sandbox.zone("succeed", arguments);
    assertThat(result.err()).isEqualTo(message);
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
  }

  private void realDataset() {
    sandbox.write("home/datasets/chip/real.yaml", REAL);
    sandbox.write("work/real.yaml", Sandbox.JOB.replace("chip/tiny", "chip/real"));
  }

  @Test
  void refusesAJobFileThatIsNotThere() {
    refuses(
        "zone: Cannot find the job file: tinny.yaml, did you mean 'tiny.yaml'? (expected a YAML"
            + " file)\n",
        "run",
        "tinny.yaml");
  }

  @Test
  void refusesAMisspeltKeyWithItsPlaceAndTheNearestName() {
    sandbox.write("work/tiny.yaml", Sandbox.JOB.replace("dataset:", "datset:"));

    Sandbox.Result result = sandbox.zone("succeed", "run", "tiny.yaml");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).contains("tiny.yaml:2:1: ").contains("did you mean 'dataset'?");
  }

  @Test
  void reportsTheProblemsOfJobDescriptorAndOptionsTogether() {
    sandbox.write(
        "work/tiny.yaml",
        Sandbox.JOB
            .replace("filters: [4]", "filters: [0]")
            .replace("batchSize: 64", "batchSize: x"));

    Sandbox.Result result =
        sandbox.zone("succeed", "run", "tiny.yaml", "--data", "nowhere", "--set", "epochs");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err().lines()).hasSize(4).allMatch(line -> line.startsWith("zone: "));
    assertThat(result.err())
        .contains("zone: --data: Cannot find the folder: nowhere (expected DIR or NAME=DIR)")
        .contains("Cannot use --set epochs (expected path=value, such as training.epochs=3)")
        .contains("tiny.yaml:5:")
        .contains("tiny.yaml:6:");
  }

  @Test
  void refusesADatasetThatNobodyDescribes() {
    sandbox.write("work/tiny.yaml", Sandbox.JOB.replace("chip/tiny", "chip/tinny"));

    Sandbox.Result result = sandbox.zone("succeed", "run", "tiny.yaml");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err())
        .contains(
            "tiny.yaml:2:10: Cannot find the dataset: chip/tinny, did you mean 'chip/tiny'?"
                + " (expected one of chip/tiny)");
  }

  @Test
  void refusesAVersionOfPlainFiles() {
    sandbox.write("work/tiny.yaml", Sandbox.JOB.replace("chip/tiny", "chip/tiny@3"));

    Sandbox.Result result = sandbox.zone("succeed", "run", "tiny.yaml");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err())
        .contains(
            "tiny.yaml:2:10: Cannot find the dataset: chip/tiny (expected one of the registry ",
            ": it has none yet; zone dataset create makes one)");
  }

  @Test
  void refusesADescriptorOfAnotherName() {
    sandbox.write("work/datasets/chip/tiny.yaml", Sandbox.DATASET.replace("chip/tiny", "chip/big"));

    Sandbox.Result result = sandbox.zone("succeed", "run", "tiny.yaml");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err())
        .contains(
            "datasets/chip/tiny.yaml:1:7: Cannot use the descriptor: its name is chip/big (expected"
                + " chip/tiny, as its file is named)");
  }

  @Test
  void saysWhereDataAreToBeHadWhenNoFolderWasGiven() {
    realDataset();
    refuses(
        "zone: Cannot find the data of chip/real: no folder was given (expected the files of"
            + " chip/real, to be had at https://data.example/chip; --data chip/real=DIR names their"
            + " folder, --data DIR or ZONE_DATA a folder of all data)\n",
        "run",
        "real.yaml");
  }

  @Test
  void saysWhereItLookedForData() {
    realDataset();
    sandbox.write("work/data/readme.txt", "").environment("ZONE_DATA", "data");
    refuses(
        "zone: Cannot find the data of chip/real: not at "
            + sandbox.work().resolve("data/chip/real")
            + ", and no folder beside has its files (expected the files of chip/real, to be had at"
            + " https://data.example/chip; --data chip/real=DIR names their folder, --data DIR or"
            + " ZONE_DATA a folder of all data)\n",
        "run",
        "real.yaml");
  }

  @Test
  void refusesAmbiguousFolders() {
    realDataset();
    sandbox.write("work/data/chip/a/train.npz", "").write("work/data/chip/b/train.npz", "");

    Sandbox.Result result = sandbox.zone("succeed", "run", "real.yaml", "--data", "data");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err())
        .contains("several folders may be it: ")
        .contains(
            sandbox.work().resolve("data/chip/a") + ", " + sandbox.work().resolve("data/chip/b"));
  }

  @Test
  void refusesAFolderOfDataThatIsNotThere() {
    realDataset();
    refuses(
        "zone: --data: Cannot find the data of chip/real: "
            + sandbox.work().resolve("gone")
            + " (expected a folder)\n",
        "run",
        "real.yaml",
        "--data",
        "chip/real=gone");
  }

  @Test
  void refusesDataOfAnotherDataset() {
    realDataset();
    sandbox.write("work/here/train.npz", "");

    Sandbox.Result result = sandbox.zone("succeed", "run", "real.yaml", "--data", "chip/tiny=here");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err())
        .contains(
            "--data: Cannot use data of chip/tiny: the job's dataset is chip/real (expected --data"
                + " chip/real=DIR)");
  }

  @Test
  void refusesANameThatIsNoDatasets() {
    refuses(
        "zone: --data: Cannot use wafers=here: no dataset's name before '=' (expected NAME=DIR, the"
            + " NAME such as chip/wm811k, or DIR)\n",
        "run",
        "tiny.yaml",
        "--data",
        "wafers=here");
  }

  @Test
  void refusesAModelFileThatIsNotThere() {
    sandbox.write(
        "work/tiny.yaml",
        Sandbox.JOB.replace(
            "{architecture: cnn, filters: [4], dense: [8]}", "{configuration: nets.json}"));
    sandbox.write("work/net.json", "{}");

    Sandbox.Result result = sandbox.zone("succeed", "run", "tiny.yaml");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err())
        .contains(
            "Cannot find the model's file: nets.json, did you mean 'net.json'? (expected a file"
                + " beside the job file or below its folder)");
  }

  @Test
  void refusesAModelFileOutsideTheJobsFolder() {
    sandbox.write(
        "work/tiny.yaml",
        Sandbox.JOB.replace(
            "{architecture: cnn, filters: [4], dense: [8]}", "{configuration: ../secret.json}"));
    sandbox.write("secret.json", "{}");

    Sandbox.Result result = sandbox.zone("succeed", "run", "tiny.yaml");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).contains("../secret.json");
  }

  @Test
  void refusesMastersThatAreNone() {
    refuses(
        "zone: --master: Cannot use the master: yarn (expected local[N] or spark://host:port)\n",
        "run",
        "tiny.yaml",
        "--master",
        "yarn");
    refuses(
        "zone: --master: Cannot run 2 workers on local[1]: 1 slots (expected local[2] or more, or"
            + " --workers 1)\n",
        "run",
        "tiny.yaml",
        "--master",
        "local[1]");
  }

  @Test
  void refusesOptionsOfAWrongKindInTheirOwnWords() {
    String help = "zone: 'zone help run' says what there is\n";
    refuses(
        "zone: Cannot use --workers: two (expected a whole number)\n" + help,
        "run",
        "tiny.yaml",
        "--workers",
        "two");
    refuses(
        "zone: Cannot use --output: yaml (expected text or json)\n" + help,
        "run",
        "tiny.yaml",
        "-o",
        "yaml");
    refuses(
        "zone: --workers: Cannot use resources.workers: 0 (expected a whole number from 1 to"
            + " 1024)\n",
        "run",
        "tiny.yaml",
        "--workers",
        "0");
  }

  @Test
  void answersTheOptionsThatEverybodyTries() {
    Sandbox.Result version = sandbox.zone("succeed", "--version");
    assertThat(version.exitCode()).isZero();
    assertThat(version.out()).startsWith("zone ").contains("Spark");

    Sandbox.Result help = sandbox.zone("succeed", "run", "--help");
    assertThat(help.exitCode()).isZero();
    assertThat(help.out()).startsWith("Usage: zone run").contains("--workers=N");
  }

  @Test
  void refusesMoreMemoryThanThereIs() {
    Sandbox.Result result =
        sandbox.zone("succeed", "run", "tiny.yaml", "--set", "resources.perWorker.memory=900000g");

    assertThat(result.exitCode()).isEqualTo(3);
    assertThat(result.err())
        .startsWith("zone: Cannot give 2 workers 900000g each: this machine has ")
        .endsWith(" MiB (expected fewer --workers, or less resources.perWorker.memory)\n");
  }

  @Test
  void refusesGpusWhereWorkersAreThreadsOfThisMachine() {
    Sandbox.Result result =
        sandbox.zone("succeed", "run", "tiny.yaml", "--set", "resources.perWorker.gpus=1");

    assertThat(result.exitCode()).isEqualTo(3);
    assertThat(result.err())
        .isEqualTo(
            "zone: Cannot give a worker a GPU: a local master computes on CPUs (expected"
                + " resources.perWorker.gpus: 0, resources.cpuFallback: true, or --zone with"
                + " GPUs)\n");
  }

  @Test
  void refusesArgumentsThatAreNone() {
    Sandbox.Result option = sandbox.zone("succeed", "run", "tiny.yaml", "--worker", "2");
    assertThat(option.exitCode()).isEqualTo(2);
    assertThat(option.err())
        .contains("zone: Unknown option")
        .contains("did you mean '--workers'?")
        .contains("zone: 'zone help run' says what there is");

    Sandbox.Result command = sandbox.zone("succeed", "rnu");
    assertThat(command.exitCode()).isEqualTo(2);
    assertThat(command.err())
        .isEqualTo(
            """
            zone: Unmatched argument at index 0: 'rnu', did you mean 'run'?
            zone: 'zone help' says what there is
            """);

    Sandbox.Result missing = sandbox.zone("succeed", "run");
    assertThat(missing.exitCode()).isEqualTo(2);
    assertThat(missing.err()).contains("zone: Missing required parameter: 'JOB'");
  }

  @Test
  void saysProblemsAsJsonToo() {
    Sandbox.Result result = sandbox.zone("succeed", "run", "tinny.yaml", "-o", "json");

    JsonObject json = JsonParser.parseString(result.out()).getAsJsonObject();
    assertThat(json.get("state").getAsString()).isEqualTo("FAILED");
    assertThat(json.getAsJsonObject("error").get("kind").getAsString()).isEqualTo("USER");
    assertThat(json.getAsJsonObject("error").get("message").getAsString())
        .startsWith("Cannot find the job file: tinny.yaml");
  }
}
