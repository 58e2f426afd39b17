package dev.zone.launcher.cli;

import dev.zone.datasets.registry.FeedProgress;

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

  @Override
  public void close() {
    progress.close();
  }
}
