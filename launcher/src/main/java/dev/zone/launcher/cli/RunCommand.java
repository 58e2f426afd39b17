package dev.zone.launcher.cli;

import com.google.gson.JsonObject;
import dev.zone.conf.PlanSpec;
import dev.zone.conf.error.ErrorKind;
import dev.zone.launcher.bundle.Distribution;
import dev.zone.launcher.plan.Machine;
import dev.zone.launcher.plan.Planned;
import dev.zone.launcher.plan.Planner;
import dev.zone.launcher.plan.RunFiles;
import dev.zone.launcher.runs.RunFolder;
import dev.zone.launcher.runs.RunWatcher;
import dev.zone.launcher.submit.ApplicationFailure;
import dev.zone.launcher.submit.Interrupts;
import dev.zone.launcher.submit.RunningApplication;
import dev.zone.launcher.submit.Submission;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Plans a job, runs it as a Spark application, shows how it goes and what came out. */
@Command(name = "run", description = "Trains and evaluates what a job file says.")
final class RunCommand implements Callable<Integer> {
  private final Context context;
  @Mixin private JobOptions options = new JobOptions();

  @Option(
      names = "--runs",
      paramLabel = "DIR",
      description = "Folder of the runs' records. Default: runs.")
  private Path runs = Path.of("runs");

  RunCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    RunTimes times = new RunTimes(context.terminal().nanoTime());
    Distribution distribution = context.distribution().get();
    Planned planned =
        new Planner(
                distribution,
                context.folder(),
                context.environment(),
                context.clock(),
                Machine.ofThisProcess())
            .plan(options.request());
    RunFolder folder = RunFiles.write(planned, context.folder().resolve(runs));
    try {
      Submission submission =
          Submission.of(Submission.Mode.RUN, folder.starting(), planned, distribution);
      times.planned();
      return finish(train(submission, folder, times), submission.plan(), folder, times);
    } finally {
      folder.discard();
    }
  }

  private JsonObject train(Submission submission, RunFolder folder, RunTimes times) {
    Progress progress = progress(submission);
    try (progress;
        RunningApplication application =
            RunningApplication.start(context.application().of(submission), folder);
        Interrupts interrupts = new Interrupts(() -> stop(application, progress))) {
      progress.starting();
      RunWatcher watcher =
          new RunWatcher(
              folder,
              record -> {
                times.accept(record);
                progress.accept(record);
              });
      int exitCode = application.await(watcher::poll);
      progress.close();
      return application.settle(exitCode, context.clock().instant());
    } catch (ApplicationFailure failure) {
      if (failure.kind() != ErrorKind.CANCELLED) {
        throw failure;
      }
      return CancelledRun.of(folder);
    }
  }

  private int finish(JsonObject result, PlanSpec plan, RunFolder folder, RunTimes times) {
    Terminal terminal = context.terminal();
    if (CancelledRun.is(result)) {
      terminal.err().println("zone: " + CancelledRun.words(result));
      if (options.isJson()) {
        terminal.out().println(result);
      }
      return ErrorKind.CANCELLED.exitCode();
    }
    times.complete(result);
    if (options.isJson()) {
      terminal.out().println(result);
    } else {
      new ResultText(terminal.out()).print(result, folder, MetricNames.named(plan.job()));
    }
    return 0;
  }

  private Progress progress(Submission submission) {
    Terminal terminal = context.terminal();
    String metric = MetricNames.shown(submission.plan().job());
    if (!options.isJson()) {
      PlanSpec plan = submission.plan();
      terminal
          .out()
          .printf(
              "%s: %s%s, %d workers, %s%n",
              plan.run(),
              plan.dataset().name(),
              plan.dataset().isGenerated() ? " (generated data)" : "",
              plan.workers(),
              submission.master().url());
      return Progress.onOut(terminal, metric);
    }
    return terminal.errIsTerminal() ? Progress.onErr(terminal, metric) : Progress.none(terminal);
  }

  private void stop(RunningApplication application, Progress progress) {
    if (application.cancel()) {
      progress.notice(
          context.terminal().err(),
          "zone: stopping after the step at work; Ctrl-C again kills the run");
    } else {
      progress.notice(context.terminal().err(), "zone: killed");
    }
  }
}
