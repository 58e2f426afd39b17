package dev.zone.launcher.cli;

import dev.zone.datasets.registry.FeedProgress;
import java.io.PrintStream;

/** Shows people, on a screen, how a feed goes on. */
final class FeedingProgress implements FeedProgress, AutoCloseable {
  private final Progress progress;

  FeedingProgress(Terminal terminal) {
    this.progress =
        terminal.errIsTerminal() ? Progress.onErr(terminal, "") : Progress.none(terminal);
  }

  @Override
  public void read(String file, long rows) {
    progress.passing(file + ": " + Amounts.count(rows) + " rows");
  }

  /** Says something beside it. */
  void notice(PrintStream err, String text) {
    progress.notice(err, text);
  }

  @Override
  public void close() {
    progress.close();
  }
}
