package dev.zone.launcher.cli;

import com.google.gson.JsonObject;
import dev.zone.conf.CentreSpec;
import dev.zone.conf.RunState;
import dev.zone.conf.error.Problem;
import dev.zone.conf.error.Problems;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.registry.Feeding;
import dev.zone.datasets.registry.RegisteredDataset;
import dev.zone.datasets.registry.Registry;
import dev.zone.datasets.storage.Storage;
import dev.zone.launcher.bundle.Distribution;
import dev.zone.launcher.cli.DatasetCreateCommand.Checked;
import dev.zone.launcher.cli.RunPlaces.Found;
import dev.zone.launcher.kubernetes.ApiServer;
import dev.zone.launcher.plan.PlanRequest;
import dev.zone.launcher.plan.Planner;
import dev.zone.launcher.runs.RunFolder;
import dev.zone.launcher.runs.RunView;
import dev.zone.launcher.submit.RunObserver.Observed;
import dev.zone.launcher.yarn.ResourceManager;
import dev.zone.launcher.zones.ZoneFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/**
 * Reads every shipped job with its dataset's descriptor, and every zone that can be named. The
 * build runs it once to learn which classes a start needs.
 */
@Command(name = "self-check", hidden = true, description = "Checks the shipped job files.")
final class SelfCheckCommand implements Callable<Integer> {
  /** The discard service's port, which is not in use any more. */
  private static final String NOBODY = "localhost:9";

  private static final String DESCRIPTOR =
      """
      name: chip/self-check
      title: Nothing
      source: {format: delimited, files: [{path: '*.csv'}]}
      columns:
        force: {range: [0, 5]}
        verdict: {type: category, role: label, classes: {0: good, 1: bad}}
      licence: none stated
      citation: none
      """;

  private final Context context;

  SelfCheckCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    Distribution distribution = context.distribution().get();
    Planner planner = context.planner();
    Problems problems = new Problems();
    List<Path> jobs = jobs(distribution.roots().get(0));
    for (Path job : jobs) {
      planner.check(
          new PlanRequest(
              job, List.of(), List.of(), OptionalInt.empty(), Optional.empty(), Optional.empty()),
          problems);
    }
    ZoneFiles zones = context.zoneFiles();
    for (String name : zones.names()) {
      zones
          .read(name, problems)
          .ifPresent(zone -> zone.value().centres().values().forEach(SelfCheckCommand::rehearse));
    }
    rehearseStatus();
    rehearseFeed();
    for (Problem problem : problems.list()) {
      context.terminal().err().println("zone: " + problem);
    }
    context.terminal().out().println(jobs.size() + " job files, " + problems.count() + " problems");
    return problems.isEmpty() ? 0 : 2;
  }

  /**
   * Asks as a command would that needs the centre's storage and its cluster, but nobody: nothing
   * listens at the address.
   */
  private static void rehearse(CentreSpec centre) {
    if (centre.isYarn()) {
      ResourceManager.of(List.of()).close();
      try (Storage storage =
          Storage.of(
              URI.create("hdfs://" + NOBODY + "/zone"),
              Map.of("ipc.client.connect.max.retries", "0"),
              List.of())) {
        storage.exists("runs");
      } catch (ZoneException | IOException e) {
        // As it must be.
        return;
      }
    } else if (centre.kubernetes().isPresent()) {
      ApiServer.of(centre).close();
      ApiServer.rehearse("http://" + NOBODY);
    }
  }

  /** Says where a run stands, of one that is made up, to nobody. */
  private void rehearseStatus() {
    try {
      Path folder = Files.createTempDirectory("zone-self-check");
      try {
        RunView run = new RunView("self-check", Storage.local(folder));
        JsonObject submission = new JsonObject();
        submission.addProperty("job", "self-check");
        run.create("submission.json", submission);
        run.states().move(Optional.empty(), RunState.SUBMITTED, "", context.clock().instant());
        Found found = new Found(run, Optional.empty(), Optional.of(folder));
        RunStatus.of(found, new Observed(run.states().newest(), ""));
      } finally {
        RunFolder.deleteTree(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Feeds a dataset that is made up: a feed needs more classes than any other command. */
  private void rehearseFeed() {
    try {
      Path folder = Files.createTempDirectory("zone-self-check");
      try (Storage storage = Storage.local(folder)) {
        Path descriptor = Files.writeString(folder.resolve("self-check.yaml"), DESCRIPTOR);
        Path rows = Files.writeString(folder.resolve("rows.csv"), "force,verdict\n1,0\n7,1\n");
        Checked checked = DatasetCreateCommand.read(descriptor);
        RegisteredDataset dataset =
            new Registry(storage)
                .create(
                    checked.spec().name(), checked.text(), "self-check", context.clock().instant());
        Problems problems = new Problems();
        Feeding feeding = new Feeding(dataset, checked.spec(), context.clock());
        feeding
            .feed(List.of(rows), "self-check", false, problems)
            .ifPresent(report -> FeedText.json(dataset, report));
        problems.throwIfAny();
      } finally {
        RunFolder.deleteTree(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Path> jobs(Path root) {
    try (Stream<Path> files = Files.walk(root.resolve("jobs"), 2)) {
      return files
          .filter(file -> file.toString().endsWith(".yaml") && Files.isRegularFile(file))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
