package dev.zone.launcher.cli;

import com.google.gson.JsonObject;
import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import dev.zone.launcher.bundle.Distribution;
import dev.zone.launcher.plan.Planned;
import dev.zone.launcher.plan.RunFiles;
import dev.zone.launcher.runs.RunFolder;
import dev.zone.launcher.runs.RunWatcher;
import dev.zone.launcher.submit.Interrupts;
import dev.zone.launcher.submit.RunningApplication;
import dev.zone.launcher.submit.Submission;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Finds out all that can be known before training: all problems at once, or what it would be. */
@Command(
    name = "validate",
    description = "Says everything that can be known of a job before training.")
final class ValidateCommand implements Callable<Integer> {
  private final Context context;
  @Mixin private JobOptions options = new JobOptions();
  @Mixin private MasterOption master = new MasterOption();

  @Option(
      names = "--explain-engine",
      description = "Shows the graph that the engine onednn compiles, a line an operation.")
  private boolean explainsEngine;

  ValidateCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    Distribution distribution = context.distribution().get();
    Planned planned = options.planner(context).plan(options.request(master.url()));
    Path place = temporary();
    RunFolder folder = RunFiles.write(planned, place);
    try {
      JsonObject check = check(planned, distribution, folder);
      if (options.isJson()) {
        context.terminal().out().println(check);
      } else {
        CheckText text = new CheckText(context.terminal().out());
        text.print(check, planned.plan());
        if (explainsEngine) {
          text.explain(check);
        }
      }
      return 0;
    } finally {
      folder.discard();
      // Only an empty folder goes: a check publishes nothing.
      if (!place.toFile().delete()) {
        place.toFile().deleteOnExit();
      }
    }
  }

  private JsonObject check(Planned planned, Distribution distribution, RunFolder folder) {
    Submission submission =
        Submission.of(
            Submission.Mode.CHECK,
            folder.starting(),
            planned.plan(),
            planned.master(),
            distribution);
    Terminal terminal = context.terminal();
    Progress progress =
        terminal.errIsTerminal() ? Progress.onErr(terminal, "loss") : Progress.none(terminal);
    try (progress;
        RunningApplication application =
            RunningApplication.start(context.application().of(submission), folder);
        Interrupts interrupts = new Interrupts(() -> application.cancel())) {
      progress.starting();
      RunWatcher watcher = new RunWatcher(folder, progress);
      int exitCode = application.await(watcher::poll);
      progress.close();
      return application.checked(exitCode);
    }
  }

  private static Path temporary() {
    try {
      return Files.createTempDirectory("zone-check-");
    } catch (IOException e) {
      throw new ZoneException(
          ErrorKind.ENVIRONMENT,
          "Cannot create a temporary folder: "
              + e.getMessage()
              + " (expected TMPDIR to be writable)",
          e);
    }
  }
}
