package dev.zone.launcher.cli;

import dev.zone.conf.error.Names;
import dev.zone.conf.error.ZoneException;
import dev.zone.launcher.cli.RunPlaces.Found;
import dev.zone.launcher.runs.RunView;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prints what a run's driver or one of its workers logged. */
@Command(
    name = "logs",
    description = {
      "Prints what a run's driver logged, or one of its executors.",
      "Logs are in the run's folder: they are there after the cluster is gone."
    })
final class LogsCommand implements Callable<Integer> {
  private static final String FOLDER = "logs";
  private static final String ENDING = ".log";
  private static final int CHUNK = 1 << 20;

  /** Bytes in which so many lines are looked for. */
  private static final int LONG_LINE = 400;

  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

  private final Context context;
  @Mixin private RunOptions options = new RunOptions();

  @Option(
      names = {"-f", "--follow"},
      description = "Goes on until the run ends.")
  private boolean follow;

  @Option(names = "--tail", paramLabel = "LINES", description = "Only so many lines of the end.")
  private Optional<Integer> lines = Optional.empty();

  @Option(
      names = "--of",
      paramLabel = "NAME",
      description = "Whose: driver, executor-0, executor-1 and so on. Default: driver.")
  private String name = "driver";

  LogsCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    try (RunPlaces places = options.places(context)) {
      Found run = places.require(options.run());
      RunView view = run.view();
      List<String> names =
          view.list(FOLDER).stream()
              .filter(file -> file.endsWith(ENDING))
              .map(file -> file.substring(0, file.length() - ENDING.length()))
              .toList();
      if (!names.contains(name) && !(follow && name.equals("driver"))) {
        throw ZoneException.user(
            "Cannot find the log of %s: %s has %s%s"
                .formatted(
                    name,
                    run.id(),
                    names.isEmpty() ? "none yet" : String.join(", ", names),
                    Names.suggestion(name, names)));
      }
      String file = FOLDER + "/" + name + ENDING;
      long at = first(view, file);
      while (true) {
        // Asked before reading: what was written before the end is then read too.
        boolean ended = !follow || places.observe(run).isAtRest();
        RunView.Part part = view.read(file, at, CHUNK);
        while (part.bytes().length > 0) {
          context.terminal().out().print(part.text());
          at = part.next();
          part = view.read(file, at, CHUNK);
        }
        context.terminal().out().flush();
        if (ended) {
          return 0;
        }
        LockSupport.parkNanos(LOOK_NANOS);
      }
    }
  }

  private long first(RunView view, String file) {
    if (lines.isEmpty()) {
      return 0;
    }
    RunView.Part end = view.tail(file, Math.max(1, lines.get()) * LONG_LINE);
    int wanted = lines.get();
    int at = end.bytes().length;
    for (int i = end.bytes().length - 2; i >= 0 && wanted > 0; i--) {
      if (end.bytes()[i] == '\n') {
        wanted--;
        at = i + 1;
      }
    }
    return end.from() + (wanted > 0 ? 0 : at);
  }
}
