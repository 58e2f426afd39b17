package dev.zone.launcher.cli;

import dev.zone.conf.RunState;
import dev.zone.launcher.runs.RunRecord;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Shows people how a run goes on: on a screen one line that is redrawn, elsewhere plain lines, one
 * an epoch and a validation, and at most one in ten seconds between.
 */
public final class Progress implements Consumer<RunRecord>, AutoCloseable {
  private static final long REDRAW_NS = 100_000_000L;
  private static final long PLAIN_NS = 10_000_000_000L;
  private static final int BAR_CELLS = 24;
  private static final int NARROW_CELLS = 8;

  /** Where the pace of a training is measured from that began here. */
  private static final RunRecord.Step NO_STEP = new RunRecord.Step(1, 1, 0, 0, 0, 0);

  /** What people want to know when it happens; the rest is in the record. */
  private static final Set<String> TOLD_EVENTS =
      Set.of(
          "engine",
          "note",
          "retry",
          "resume",
          "slow",
          "waiting",
          "checkpoint trouble",
          "skipped step",
          "clipped gradient");

  private final PrintStream out;
  private final boolean redraws;
  private final Terminal terminal;
  private final String metric;

  private RunRecord.Start start = new RunRecord.Start(1, 1, 0, 0, 1, 1);
  private OptionalDouble validated = OptionalDouble.empty();
  private Optional<RunRecord.Step> paceFrom = Optional.of(NO_STEP);
  private long lastShownNs;
  private boolean lineIsOpen;

  private Progress(PrintStream out, boolean redraws, Terminal terminal, String metric) {
    this.out = out;
    this.redraws = redraws;
    this.terminal = terminal;
    this.metric = metric;
    this.lastShownNs = terminal.nanoTime().getAsLong();
  }

  /**
   * @param metric the validation metric to show
   */
  static Progress onOut(Terminal terminal, String metric) {
    return new Progress(terminal.out(), terminal.outIsTerminal(), terminal, metric);
  }

  /** On the error stream; only for a screen. */
  static Progress onErr(Terminal terminal, String metric) {
    return new Progress(terminal.err(), true, terminal, metric);
  }

  /** Shows nothing. */
  static Progress none(Terminal terminal) {
    return new Progress(
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8),
        false,
        terminal,
        "loss");
  }

  /**
   * Says, on a screen, that Spark starts: until the application speaks, nothing else would move.
   */
  synchronized void starting() {
    if (redraws) {
      show("starting Spark", true);
    }
  }

  /** Says, on a screen, how something else than a run goes on, in a line that passes. */
  synchronized void passing(String words) {
    if (redraws) {
      show(words, false);
    }
  }

  /** How a training began that goes on: its size is known before it says it again. */
  synchronized void expect(RunRecord.Start begun) {
    start = begun;
  }

  /** Says something beside the progress. Safe from another thread. */
  synchronized void notice(PrintStream to, String words) {
    close();
    to.println(words);
  }

  @Override
  public synchronized void accept(RunRecord record) {
    if (record instanceof RunRecord.State state) {
      state(state);
    } else if (record instanceof RunRecord.Start begun) {
      started(begun);
    } else if (record instanceof RunRecord.Step step) {
      step(step);
    } else if (record instanceof RunRecord.Epoch epoch) {
      epoch(epoch);
    } else if (record instanceof RunRecord.Validation validation) {
      validation(validation);
    } else if (record instanceof RunRecord.Resume) {
      // What validation said may lie behind the step that it goes on from; the pace is another. The
      // event of that name says it to people.
      validated = OptionalDouble.empty();
      paceFrom = Optional.empty();
    } else if (record instanceof RunRecord.Event event && TOLD_EVENTS.contains(event.event())) {
      line(event.event() + ": " + firstLine(event.message()));
    }
  }

  private void state(RunRecord.State state) {
    // The event of that name says what is waited for.
    boolean told = state.state() == RunState.WAITING || state.state() == RunState.TRAINING;
    if (told || state.state().isFinal()) {
      return;
    }
    String words =
        switch (state.state()) {
          case STARTING -> "starting the application";
          case PREPARING -> "preparing the data";
          default -> state.state().word();
        };
    show(state.message().isBlank() ? words : firstLine(state.message()), true);
  }

  private void started(RunRecord.Start begun) {
    start = begun;
    line(
        "training "
            + Amounts.count(begun.parameters())
            + " parameters on "
            + Amounts.count(begun.examples())
            + " examples, "
            + plural(begun.workers(), "worker")
            + ", "
            + (begun.folds() > 1 ? begun.folds() + " folds of " : "")
            + plural(begun.epochs(), "epoch")
            + " of "
            + plural(begun.stepsPerEpoch(), "step"));
  }

  private void step(RunRecord.Step step) {
    List<String> parts = new ArrayList<>();
    parts.add(place(step.fold(), step.epoch()));
    parts.add("step " + Amounts.count(step.step()) + "/" + Amounts.count(stepsOfFold()));
    parts.add(Amounts.figure(step.examplesPerSecond()) + " examples/s");
    parts.add("loss " + Amounts.figure(step.loss()));
    if (validated.isPresent()) {
      parts.add("validation " + metric + " " + Amounts.figure(validated.getAsDouble()));
    }
    secondsLeft(step).ifPresent(left -> parts.add(Amounts.duration(left) + " left"));
    String words = String.join(", ", parts);
    if (redraws) {
      double share =
          (step.fold() - 1 + (double) step.step() / stepsOfFold()) / Math.max(1, start.folds());
      show(fitted(share, parts), false);
    } else {
      show(words, false);
    }
  }

  /** By the pace of this attempt's steps: an earlier one may have had other workers. */
  private OptionalDouble secondsLeft(RunRecord.Step step) {
    RunRecord.Step from = paceFrom.orElse(step);
    paceFrom = Optional.of(from);
    boolean sameFold = from.fold() == step.fold();
    long steps = step.step() - (sameFold ? from.step() : 0);
    double seconds = step.seconds() - (sameFold ? from.seconds() : 0);
    if (steps <= 0 || seconds <= 0) {
      return OptionalDouble.empty();
    }
    long left = stepsOfFold() - step.step() + (start.folds() - step.fold()) * stepsOfFold();
    return OptionalDouble.of(left * (seconds / steps));
  }

  /** On a narrow screen the bar shrinks, then the step goes, then the speed: what is left fits. */
  private String fitted(double share, List<String> parts) {
    String whole = bar(share, BAR_CELLS) + " " + String.join(", ", parts);
    if (whole.length() <= width()) {
      return whole;
    }
    List<String> some = new ArrayList<>(parts);
    String words = bar(share, NARROW_CELLS) + " " + String.join(", ", some);
    while (words.length() > width() && some.size() > 2) {
      some.remove(1);
      words = bar(share, NARROW_CELLS) + " " + String.join(", ", some);
    }
    return words;
  }

  private int width() {
    return Math.max(20, terminal.columns() - 1);
  }

  private void epoch(RunRecord.Epoch epoch) {
    StringBuilder words = new StringBuilder(place(epoch.fold(), epoch.epoch()));
    words.append(": loss ").append(Amounts.figure(epoch.loss()));
    if (!epoch.validation().isEmpty()) {
      words.append(", ").append(figures(epoch.validation(), epoch.best()));
    }
    words
        .append(", ")
        .append(Amounts.figure(epoch.examplesPerSecond()))
        .append(" examples/s, after ")
        .append(Amounts.duration(epoch.seconds()));
    remember(epoch.validation());
    line(words.toString());
  }

  private void validation(RunRecord.Validation validation) {
    remember(validation.validation());
    line(
        place(validation.fold(), validation.epoch())
            + ", step "
            + Amounts.count(validation.step())
            + ": "
            + figures(validation.validation(), validation.best()));
  }

  private void remember(Map<String, Double> validation) {
    Double value = validation.get(metric);
    validated = value == null ? validated : OptionalDouble.of(value);
  }

  private String figures(Map<String, Double> validation, boolean best) {
    List<String> words = new ArrayList<>();
    shown(validation)
        .forEach((name, value) -> words.add("validation " + name + " " + Amounts.figure(value)));
    return String.join(", ", words) + (best ? " (best)" : "");
  }

  /** The loss and the metric that matters. */
  private Map<String, Double> shown(Map<String, Double> validation) {
    Map<String, Double> some = new LinkedHashMap<>();
    for (String name : List.of("loss", metric)) {
      if (validation.containsKey(name)) {
        some.put(name, validation.get(name));
      }
    }
    return some.isEmpty() ? validation : some;
  }

  private String place(int fold, int epoch) {
    return (start.folds() > 1 ? "fold " + fold + "/" + start.folds() + ", " : "")
        + "epoch "
        + epoch
        + "/"
        + start.epochs();
  }

  private long stepsOfFold() {
    return Math.max(1, (long) start.epochs() * start.stepsPerEpoch());
  }

  private static String bar(double share, int cells) {
    int full = (int) Math.round(Math.min(1, Math.max(0, share)) * cells);
    return "["
        + "=".repeat(full)
        + (full < cells ? ">" : "")
        + " ".repeat(Math.max(0, cells - full - 1))
        + "]";
  }

  /** Shows a passing line: redrawn on a screen; elsewhere printed if it is time, or always. */
  private void show(String words, boolean always) {
    long now = terminal.nanoTime().getAsLong();
    long sinceNs = now - lastShownNs;
    if (!always && sinceNs < (redraws ? REDRAW_NS : PLAIN_NS)) {
      return;
    }
    lastShownNs = now;
    if (redraws) {
      String cut = words.length() > width() ? words.substring(0, width()) : words;
      out.print("\r\u001b[K" + cut);
      out.flush();
      lineIsOpen = true;
    } else {
      out.println(words);
    }
  }

  /** Prints a line that stays. */
  private void line(String words) {
    close();
    out.println(words);
    lastShownNs = terminal.nanoTime().getAsLong();
  }

  /** Takes the passing line away, so that others can write. */
  @Override
  public synchronized void close() {
    if (lineIsOpen) {
      out.print("\r\u001b[K");
      out.flush();
      lineIsOpen = false;
    }
  }

  /** Without what would steer a terminal: a message may quote names from the data. */
  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("").replaceAll("\\p{Cntrl}", "?");
  }

  static String plural(long number, String word) {
    return String.format(Locale.ROOT, "%,d %s%s", number, word, number == 1 ? "" : "s");
  }
}
