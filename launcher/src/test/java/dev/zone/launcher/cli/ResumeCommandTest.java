package dev.zone.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.zone.conf.CpuFeatures;
import dev.zone.conf.PlanSpec;
import dev.zone.conf.error.Problems;
import dev.zone.conf.yaml.YamlBinder;
import dev.zone.launcher.bundle.Distribution;
import dev.zone.launcher.plan.Machine;
import dev.zone.launcher.plan.Resumed;
import dev.zone.launcher.plan.Resumption;
import dev.zone.launcher.runs.RunFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResumeCommandTest {
  @TempDir private Path folder;
  private Sandbox sandbox;

  @BeforeEach
  void place() {
    sandbox = new Sandbox(folder);
  }

  /** A run whose training failed after its first checkpoint. */
  private Path failedRun() {
    assertThat(sandbox.zone("fail-training", "run", "tiny.yaml").exitCode()).isEqualTo(4);
    return sandbox.onlyRun();
  }

  private static void replace(Path file, String what, String by) throws IOException {
    String text = Files.readString(file);
    assertThat(text).contains(what);
    Files.writeString(file, text.replace(what, by));
  }

  private static PlanSpec plan(Path file) {
    Problems problems = new Problems();
    return YamlBinder.read(file, PlanSpec.class, List.of(), problems)
        .orElseThrow(() -> new AssertionError(problems.list()))
        .value();
  }

  private void refuses(String message, String... arguments) {
    Sandbox.Result result = sandbox.zone("succeed", arguments);
    assertThat(result.err()).isEqualTo(message);
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
  }

  @Test
  void goesOnAndPrintsWhatARunPrints() {
    Path run = failedRun();
    String id = run.getFileName().toString();

    Sandbox.Result result = sandbox.zone("succeed", "resume", id);

    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    assertThat(result.out())
        .startsWith(id + ": chip/tiny (generated data), 2 workers, local[2]\n")
        .contains("resume: going on from step 2, attempt 2")
        .contains("epoch 2/2: loss 0.2500")
        .contains(
            "SUCCEEDED on chip/tiny (generated data): 2 epochs, 4 steps, 2 workers, 2 attempts,")
        .contains("sha256 deadbeef");
  }

  @Test
  void showsNothingTwice() {
    Sandbox.Result result = sandbox.zone("succeed", "resume", failedRun().toString());

    assertThat(result.out()).doesNotContain("epoch 1/2: loss").doesNotContain("training 54,321");
  }

  @Test
  void printsExactlyOneJsonObject() {
    Sandbox.Result result =
        sandbox.zone("succeed", "resume", failedRun().getFileName().toString(), "-o", "json");

    assertThat(result.err()).isEmpty();
    assertThat(result.out().lines()).hasSize(1);
    JsonObject json = JsonParser.parseString(result.out()).getAsJsonObject();
    assertThat(json.get("state").getAsString()).isEqualTo("SUCCEEDED");
    assertThat(json.get("attempts").getAsInt()).isEqualTo(2);
    assertThat(json.getAsJsonObject("seconds").keySet()).contains("plan", "start");
  }

  @Test
  void keepsThePlanThatStillHolds() throws IOException {
    Path run = failedRun();
    String before = Files.readString(run.resolve("plan.yaml"));

    sandbox.zone("succeed", "resume", run.toString());

    assertThat(Files.readString(run.resolve("plan.yaml"))).isEqualTo(before);
    assertThat(run.resolve("plan.1.yaml")).doesNotExist();
  }

  @Test
  void takesAwayWhatWouldStopItAndAppendsToTheLog() throws IOException {
    Path run = failedRun();
    Files.writeString(run.resolve("cancel"), "");
    String log = Files.readString(run.resolve("logs/driver.log"));

    Sandbox.Result result = sandbox.zone("succeed", "resume", run.toString());

    assertThat(result.exitCode()).isZero();
    assertThat(run.resolve("cancel")).doesNotExist();
    assertThat(run.resolve("error.json")).doesNotExist();
    assertThat(Files.readString(run.resolve("logs/driver.log")))
        .startsWith(log)
        .contains("fake application: succeed resume " + run);
    assertThat(sandbox.runNames()).hasSize(1);
  }

  @Test
  void goesOnByABeginningOfTheIdAndByTheFolder() throws IOException {
    Path run = failedRun();
    assertThat(sandbox.zone("crash-starting", "resume", "20261122-10").exitCode()).isEqualTo(4);
    String relative = sandbox.work().relativize(run).toString();
    assertThat(sandbox.zone("crash-starting", "resume", relative).exitCode()).isEqualTo(4);

    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere")).resolve("copied");
    Files.move(run, elsewhere);
    assertThat(sandbox.zone("succeed", "resume", "../elsewhere/copied").exitCode()).isZero();
  }

  @Test
  void goesOnInAnotherFolderOfRuns() {
    sandbox.zone("fail-training", "run", "tiny.yaml", "--runs", "other");

    assertThat(sandbox.zone("succeed", "resume", "2026", "--runs", "other").exitCode()).isZero();
  }

  @Test
  void refusesARunThatIsNotThereWithTheNearestName() {
    String id = failedRun().getFileName().toString();
    String wrong = id.replace("tiny", "tinny");
    refuses(
        "zone: Cannot find the run: "
            + wrong
            + ", did you mean '"
            + id
            + "'? (expected the id of a run in "
            + sandbox.runs()
            + ", laptop/here, or the beginning of one)\n",
        "resume",
        wrong);
  }

  @Test
  void refusesABeginningThatSeveralRunsHave() throws IOException {
    Files.createDirectories(sandbox.runs().resolve("20261122-a"));
    Files.createDirectories(sandbox.runs().resolve("20261122-b"));
    refuses(
        "zone: Cannot tell which run is meant: 2026 (expected a longer beginning: 20261122-a,"
            + " 20261122-b)\n",
        "resume",
        "2026");
  }

  @Test
  void refusesARunThatSucceeded() {
    assertThat(sandbox.zone("succeed", "run", "tiny.yaml").exitCode()).isZero();
    String id = sandbox.onlyRun().getFileName().toString();
    refuses(
        "zone: Cannot resume "
            + id
            + ": it SUCCEEDED (expected a run that FAILED or was CANCELLED; zone run JOB --from "
            + id
            + " starts a new one from its model)\n",
        "resume",
        id);
  }

  @Test
  void refusesARunThatGoesOn() throws IOException {
    Path run = failedRun();
    try (FileChannel channel = FileChannel.open(run.resolve("run.lock"), StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      assertThat(lock.isValid()).isTrue();
      refuses(
          "zone: Cannot resume "
              + run.getFileName()
              + ": an application works on it (expected a run that ended)\n",
          "resume",
          run.toString());
    }
    assertThat(run.resolve("error.json")).exists();
  }

  @Test
  void leavesTheRecordToAnotherThatWasFaster() throws IOException {
    Path run = failedRun();
    List<FileChannel> taken = new ArrayList<>();
    sandbox.beforeStart(
        () -> {
          try {
            FileChannel channel =
                FileChannel.open(run.resolve("run.lock"), StandardOpenOption.WRITE);
            taken.add(channel);
            assertThat(channel.lock().isValid()).isTrue();
            Files.writeString(run.resolve("state.json"), "{\"state\":\"TRAINING\"}");
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });

    Sandbox.Result result = sandbox.zone("succeed", "resume", run.toString());

    taken.get(0).close();
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err())
        .isEqualTo(
            "zone: Cannot work on "
                + run.getFileName()
                + ": another application does (expected a run that ended)\n");
    assertThat(run.resolve("state.json")).hasContent("{\"state\":\"TRAINING\"}");
  }

  @Test
  void takesTheLocksWordAndNotTheStates() throws IOException {
    Path run = failedRun();
    Files.writeString(run.resolve("state.json"), "{\"state\":\"TRAINING\"}");

    assertThat(sandbox.zone("succeed", "resume", run.toString()).exitCode()).isZero();
  }

  @Test
  void refusesAFolderWithoutAPlan() throws IOException {
    Files.createDirectories(sandbox.runs().resolve("empty"));
    refuses(
        "zone: Cannot resume empty: it has no plan.yaml (expected the folder of a run)\n",
        "resume",
        "empty");
  }

  @Test
  void refusesAPlanThatIsDamaged() throws IOException {
    Path run = failedRun();
    replace(run.resolve("plan.yaml"), "batchSize: 64", "batchSize: many");

    Sandbox.Result result = sandbox.zone("succeed", "resume", run.toString());

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err().lines()).hasSize(1);
    assertThat(result.err())
        .startsWith("zone: Cannot resume " + run.getFileName() + ": its plan cannot be read: ")
        .contains("many")
        .endsWith("(expected plan.yaml as zone run wrote it)\n");
  }

  @Test
  void refusesAPlanOfAnotherFormat() throws IOException {
    Path run = failedRun();
    replace(run.resolve("plan.yaml"), "format: 1\n", "format: 2\nnew: key\n");
    refuses(
        "zone: Cannot resume "
            + run.getFileName()
            + ": its plan has format 2 (expected format 1, this Zone's)\n",
        "resume",
        run.toString());
  }

  @Test
  void refusesARunThatNeverTrained() throws IOException {
    Files.createDirectories(sandbox.runs().resolve(".starting-20261122-x"));
    String message =
        "zone: Cannot resume .starting-20261122-x: it never got to training (expected a run that"
            + " did; zone run starts this one anew)\n";
    refuses(message, "resume", ".starting-20261122-x");
    refuses(message, "resume", "20261122-x");
  }

  @Test
  void keepsTheOldPlanWhenTheWorkersChange() throws IOException {
    Path run = failedRun();

    Sandbox.Result result =
        sandbox.zone("crash-starting", "resume", run.toString(), "--workers", "1");
    assertThat(result.out()).contains(", 1 worker, local[1]\n");
    result = sandbox.zone("succeed", "resume", run.toString(), "--workers", "3");
    assertThat(result.exitCode()).isZero();
    // Once, and by the application.
    assertThat(result.err()).isEmpty();
    assertThat(result.out()).containsOnlyOnce("3 workers instead of 2");

    PlanSpec first = plan(run.resolve("plan.1.yaml"));
    PlanSpec second = plan(run.resolve("plan.2.yaml"));
    PlanSpec third = plan(run.resolve("plan.yaml"));
    assertThat(List.of(first.workers(), second.workers(), third.workers()))
        .containsExactly(2, 1, 3);
    assertThat(third.job().resources().workers()).isEqualTo(3);
    assertThat(third.master()).contains("local[3]");
    assertThat(third.run()).isEqualTo(first.run());
    assertThat(third.created()).isEqualTo(first.created());
    assertThat(third.job().training()).isEqualTo(first.job().training());
  }

  @Test
  void refusesWorkersThatCannotBe() {
    String run = failedRun().toString();
    refuses(
        "zone: --workers: Cannot use job.resources.workers: 0 (expected a whole number from 1 to"
            + " 1024)\n",
        "resume",
        run,
        "--workers",
        "0");
    Sandbox.Result result = sandbox.zone("succeed", "resume", run, "--workers", "65");
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err())
        .contains("zone: --workers: ")
        .contains("at least one example for each of the 65 workers");
    refuses(
        "zone: --master: Cannot run 2 workers on local[1]: 1 slots (expected local[2] or more, or"
            + " --workers 1)\n",
        "resume",
        run,
        "--master",
        "local[1]");
  }

  @Test
  void staysWithTheMasterOfThePlanOrGoesToTheOneThatIsGiven() {
    sandbox.zone("fail-training", "run", "tiny.yaml", "--master", "spark://somewhere:7077");
    Path run = sandbox.onlyRun();

    assertThat(sandbox.zone("crash-starting", "resume", run.toString()).out())
        .contains("2 workers, spark://somewhere:7077\n");
    assertThat(sandbox.zone("succeed", "resume", run.toString(), "--master", "local[2]").out())
        .contains("2 workers, local[2]\n");
    assertThat(plan(run.resolve("plan.1.yaml")).master()).contains("spark://somewhere:7077");
    assertThat(plan(run.resolve("plan.yaml")).master()).contains("local[2]");
  }

  @Test
  void saysThatTheDistributionIsAnother() {
    Path run = failedRun();
    String digest = plan(run.resolve("plan.yaml")).classpathDigest();
    sandbox.write("home/lib/jobs/zone-jobs-1.jar", "mended");

    Sandbox.Result result = sandbox.zone("succeed", "resume", run.toString());

    assertThat(result.exitCode()).isZero();
    assertThat(result.err())
        .isEqualTo(
            "zone: the application's jars are not those of the plan: the model may not be the same"
                + " to the bit\n");
    assertThat(plan(run.resolve("plan.1.yaml")).classpathDigest()).isEqualTo(digest);
    assertThat(plan(run.resolve("plan.yaml")).classpathDigest()).isNotEqualTo(digest);
  }

  @Test
  void takesAnotherNativeLibraryOnlyIfTheProcessorCannotRunThePlans() throws IOException {
    Path run = failedRun();
    String extension = plan(run.resolve("plan.yaml")).backend().extension();
    String written = extension.isEmpty() ? "extension: \"\"" : "extension: \"" + extension + "\"";
    replace(run.resolve("plan.yaml"), written, "extension: \"-onednn-avx2\"");
    Set<String> avx2 = Set.of("avx2", "fma", "f16c", "bmi2");

    Resumed same = resumption(new CpuFeatures("amd64", avx2)).plan(folderOf(run), AS_IT_WAS);
    Resumed other = resumption(new CpuFeatures("amd64", Set.of())).plan(folderOf(run), AS_IT_WAS);

    assertThat(same.isChanged()).isFalse();
    assertThat(same.notes()).isEmpty();
    assertThat(other.isChanged()).isTrue();
    assertThat(other.plan().backend().extension()).isEmpty();
    assertThat(other.plan().backend().heap()).isEqualTo(same.plan().backend().heap());
    assertThat(other.notes())
        .containsExactly(
            "this processor cannot run the plan's native library (onednn-avx2) and goes on with the"
                + " plain one: the model is not the same to the bit");
  }

  private static final Resumption.Request AS_IT_WAS =
      new Resumption.Request(OptionalInt.empty(), Optional.empty(), List.of());

  private Resumption resumption(CpuFeatures cpu) {
    return new Resumption(
        new Distribution(folder.resolve("home"), Optional.empty()),
        sandbox.work(),
        Map.of(),
        new Machine(4, Optional.empty()),
        cpu);
  }

  private static RunFolder folderOf(Path run) {
    return new RunFolder(run.getParent(), run.getFileName().toString());
  }

  @Test
  void goesOnAfterAMistakeAndSaysSo() throws IOException {
    Path run = failedRun();
    replace(run.resolve("error.json"), "ENVIRONMENT", "USER");

    Sandbox.Result result = sandbox.zone("succeed", "resume", run.toString());

    assertThat(result.exitCode()).isZero();
    assertThat(result.err())
        .isEqualTo(
            "zone: it goes on in case this was mended: Cannot write the checkpoint: No space left"
                + " on device\n");
  }

  @Test
  void saysHowToGoOnWhenItFailsAgain() throws IOException {
    Path run = failedRun();

    Sandbox.Result result = sandbox.zone("crash-starting", "resume", run.toString());

    assertThat(result.exitCode()).isEqualTo(4);
    assertThat(result.err())
        .contains("signal 9, SIGKILL")
        .contains("zone: the last words of a resumption")
        .endsWith("zone: go on with: zone resume " + run.getFileName() + "\n");
    assertThat(Files.readString(run.resolve("state.json")))
        .contains("\"state\": \"FAILED\"")
        .contains("SIGKILL");
  }

  @Test
  void quotesOnlyThisApplicationsLastWords() {
    sandbox.zone("crash-training", "run", "tiny.yaml");

    Sandbox.Result result = sandbox.zone("crash-starting", "resume", sandbox.onlyRun().toString());

    assertThat(result.err())
        .contains("the last words of a resumption")
        .doesNotContain("the last words of a training");
  }

  @Test
  void refusesDataThatAreGoneOrNotWhatTheyWere() throws IOException {
    Path run = failedRunOnFiles();
    String cannot = "zone: Cannot resume " + run.getFileName() + ": ";
    Path data = sandbox.work().resolve("data");

    sandbox.write("work/data/train.npz", "other rows");
    Files.move(data.resolve("more-1.npz"), data.resolve("more-2.npz"));
    Sandbox.Result changed = sandbox.zone("succeed", "resume", run.toString());
    assertThat(changed.exitCode()).isEqualTo(2);
    assertThat(changed.err())
        .contains(cannot + data.resolve("train.npz") + " has SHA-256 ")
        .contains(cannot + data.resolve("more-1.npz") + " is gone (expected as planned)\n")
        .contains(cannot + data.resolve("more-2.npz") + " is new (expected the planned files)\n");

    Files.move(data, sandbox.work().resolve("moved"));
    refuses(
        cannot
            + "the data of chip/real are not at "
            + data
            + " any more (expected the folder that the plan names; --data chip/real=DIR names"
            + " another)\n",
        "resume",
        run.toString());
    assertThat(run.resolve("error.json")).exists();
  }

  /** A run on the two files of {@code work/data}, whose training failed. */
  private Path failedRunOnFiles() {
    sandbox.write("home/datasets/chip/real.yaml", REAL);
    sandbox.write("work/real.yaml", Sandbox.JOB.replace("chip/tiny", "chip/real"));
    sandbox.write("work/data/train.npz", "rows");
    sandbox.write("work/data/more-1.npz", "rows");
    sandbox.zone("fail-training", "run", "real.yaml", "--data", "chip/real=data");
    return sandbox.onlyRun();
  }

  @Test
  void goesOnWithDataThatMovedAndKeepsTheOldPlan() throws IOException {
    Path run = failedRunOnFiles();
    Path moved = Files.createDirectories(sandbox.work().resolve("all/chip")).resolve("real");
    Files.move(sandbox.work().resolve("data"), moved);

    Sandbox.Result result =
        sandbox.zone("crash-starting", "resume", run.toString(), "--data", "all");
    assertThat(result.exitCode()).isEqualTo(4);
    assertThat(plan(run.resolve("plan.1.yaml")).dataRoot())
        .contains(sandbox.work().resolve("data").toString());
    PlanSpec next = plan(run.resolve("plan.yaml"));
    assertThat(next.dataRoot()).contains(moved.toString());
    assertThat(next.files()).isEqualTo(plan(run.resolve("plan.1.yaml")).files());

    result = sandbox.zone("succeed", "resume", run.toString(), "--data", "chip/real=" + moved);
    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    // Nothing differs from the plan that the first of the two wrote.
    assertThat(run.resolve("plan.2.yaml")).doesNotExist();
  }

  @Test
  void refusesDataElsewhereThatAreNotThePlanned() {
    Path run = failedRunOnFiles();
    String cannot = "zone: Cannot resume " + run.getFileName() + ": ";
    sandbox.write("work/other/train.npz", "other rows");
    sandbox.write("work/other/more-1.npz", "rows");

    Sandbox.Result other =
        sandbox.zone("succeed", "resume", run.toString(), "--data", "chip/real=other");
    assertThat(other.exitCode()).isEqualTo(2);
    assertThat(other.err().lines()).hasSize(1);
    assertThat(other.err())
        .startsWith(cannot + sandbox.work().resolve("other/train.npz") + " has SHA-256 ")
        .endsWith(", as planned)\n");
    refuses(
        "zone: --data: Cannot find the data of chip/real: "
            + sandbox.work().resolve("nowhere")
            + " (expected a folder)\n",
        "resume",
        run.toString(),
        "--data",
        "chip/real=nowhere");
    refuses(
        "zone: --data: Cannot find the folder: nowhere (expected DIR or NAME=DIR)\n",
        "resume",
        run.toString(),
        "--data",
        "nowhere",
        "--data",
        "chip/real=data");
    assertThat(run.resolve("plan.1.yaml")).doesNotExist();
    assertThat(run.resolve("error.json")).exists();
  }

  private static final String REAL =
      """
      name: chip/real
      title: Wafer maps in files
      source: {format: numpy, files: [{path: train.npz}, {path: more-*.npz}]}
      columns:
        map: {type: tensor, shape: [32, 32], missing: false}
        defect: {type: category, role: label, missing: false, classes: {0: good, 1: bad}}
      split: {validation: 0.1, test: 0.2}
      licence: none stated
      citation: nobody
      """;

  @Test
  void answersTheQuestionForHelp() {
    Sandbox.Result help = sandbox.zone("succeed", "help", "resume");
    assertThat(help.exitCode()).isZero();
    assertThat(help.out())
        .startsWith("Usage: zone resume")
        .contains("--workers=N")
        .contains("--data=[NAME=]DIR")
        .contains("RUN");
    assertThat(sandbox.zone("succeed", "completion").out()).contains("resume");
  }
}
