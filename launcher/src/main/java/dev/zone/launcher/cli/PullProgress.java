package dev.zone.launcher.cli;

import dev.zone.datasets.download.Wanted;
import dev.zone.datasets.download.Watcher;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** Shows people how downloads go on: a passing line on a screen, and what breaks everywhere. */
final class PullProgress implements Watcher, AutoCloseable {
  private static final double NANOS = 1e9;

  private final Terminal terminal;
  private final Progress progress;
  private Optional<Wanted> at = Optional.empty();
  private long fromNs;
  private long fromBytes;

  PullProgress(Terminal terminal) {
    this.terminal = terminal;
    this.progress =
        terminal.errIsTerminal() ? Progress.onErr(terminal, "") : Progress.none(terminal);
  }

  @Override
  public void came(Wanted file, long bytes, OptionalLong of) {
    long now = terminal.nanoTime().getAsLong();
    if (!at.equals(Optional.of(file)) || bytes < fromBytes) {
      // What was here before says nothing of the pace.
      at = Optional.of(file);
      fromNs = now;
      fromBytes = bytes;
    }
    double perSecond = (bytes - fromBytes) / Math.max(1e-3, (now - fromNs) / NANOS);
    StringBuilder words = new StringBuilder(file.path()).append(": ").append(Amounts.bytes(bytes));
    of.ifPresent(all -> words.append(" of ").append(Amounts.bytes(all)));
    if (perSecond > 0) {
      words.append(", ").append(Amounts.bytes((long) perSecond)).append("/s");
      of.ifPresent(
          all ->
              words
                  .append(", ")
                  .append(Amounts.duration((all - bytes) / perSecond))
                  .append(" left"));
    }
    progress.passing(words.toString());
  }

  @Override
  public void broke(Wanted file, String why, Duration pause) {
    say(file, why + "; it is tried again in " + Amounts.duration(pause.toSeconds()));
  }

  @Override
  public void waits(Wanted file) {
    say(file, "another pull is at it; this one waits");
  }

  /** Without what would steer a terminal: a server may have said it. */
  private void say(Wanted file, String words) {
    progress.notice(
        terminal.err(), ("zone: " + file.path() + ": " + words).replaceAll("\\p{Cntrl}", "?"));
  }

  /** Takes the passing line away. */
  @Override
  public void close() {
    progress.close();
  }
}
