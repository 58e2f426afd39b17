package dev.zone.launcher.cli;

import com.google.gson.JsonObject;
import dev.zone.conf.PlanSpec;
import dev.zone.conf.WorkerFlags;
import dev.zone.conf.error.ErrorKind;
import dev.zone.launcher.runs.RunFolder;
import dev.zone.launcher.runs.RunRecord;
import dev.zone.launcher.runs.RunWatcher;
import dev.zone.launcher.submit.ApplicationFailure;
import dev.zone.launcher.submit.Interrupts;
import dev.zone.launcher.submit.RunningApplication;
import dev.zone.launcher.submit.Submission;
import java.util.function.Consumer;

/**
 * Starts an application that trains and stays with it to its end: shows how it goes, answers
 * Ctrl-C, says what came out.
 */
final class Attendant {
  private final Context context;
  private final RunFolder folder;
  private final RunTimes times;
  private final boolean json;

  /**
   * @param times of the run, its plan made
   * @param json whether the result is one JSON object
   */
  Attendant(Context context, RunFolder folder, RunTimes times, boolean json) {
    this.context = context;
    this.folder = folder;
    this.times = times;
    this.json = json;
  }

  /**
   * Attends the application.
   *
   * @return the command's exit code
   * @throws ApplicationFailure if it failed
   */
  int attend(Submission submission) {
    JsonObject result = train(submission);
    Terminal terminal = context.terminal();
    if (CancelledRun.is(result)) {
      terminal.err().println("zone: " + CancelledRun.words(result));
      if (result.has(GoOn.KEY)) {
        terminal.err().println(GoOn.words(result.get(GoOn.KEY).getAsString()));
      }
      if (json) {
        terminal.out().println(result);
      }
      return ErrorKind.CANCELLED.exitCode();
    }
    times.complete(result);
    if (json) {
      terminal.out().println(result);
    } else {
      new ResultText(terminal.out())
          .print(result, folder, MetricNames.named(submission.plan().job()));
    }
    return 0;
  }

  private JsonObject train(Submission submission) {
    Progress progress = progress(submission);
    RunWatcher watcher = watcher(submission.mode(), progress);
    try (progress;
        RunningApplication application =
            RunningApplication.start(context.application().of(submission), folder);
        Interrupts interrupts = new Interrupts(() -> stop(application, progress))) {
      progress.starting();
      int exitCode = application.await(watcher::poll);
      progress.close();
      return application.settle(exitCode, context.clock().instant());
    } catch (ApplicationFailure failure) {
      if (failure.kind() != ErrorKind.CANCELLED) {
        throw failure;
      }
      return CancelledRun.of(folder, context.folder());
    }
  }

  /** Of a run that goes on, what is there was shown before. */
  private RunWatcher watcher(Submission.Mode mode, Progress progress) {
    Consumer<RunRecord> listener =
        record -> {
          times.accept(record);
          progress.accept(record);
        };
    if (mode == Submission.Mode.RUN) {
      return new RunWatcher(folder, listener);
    }
    RunWatcher.lastStart(folder).ifPresent(progress::expect);
    return RunWatcher.fromNow(folder, listener);
  }

  private Progress progress(Submission submission) {
    Terminal terminal = context.terminal();
    PlanSpec plan = submission.plan();
    String metric = MetricNames.shown(plan.job());
    if (json) {
      return terminal.errIsTerminal() ? Progress.onErr(terminal, metric) : Progress.none(terminal);
    }
    terminal
        .out()
        .printf(
            "%s: %s%s, %s, %s%n",
            plan.run(),
            plan.dataset().name(),
            plan.dataset().isGenerated() ? " (generated data)" : "",
            Progress.plural(plan.workers(), "worker"),
            submission.master().url());
    terminal.out().printf("computing: %s%n", WorkerFlags.words(plan.backend()));
    return Progress.onOut(terminal, metric);
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
