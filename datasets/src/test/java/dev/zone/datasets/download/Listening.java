package dev.zone.datasets.download;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what a watcher is told, and what pauses there would be. */
final class Listening implements Watcher, Settings.Pauses {
  private final List<String> heard = new CopyOnWriteArrayList<>();
  private final List<Duration> pauses = new CopyOnWriteArrayList<>();
  private final Runnable atPause;
  private volatile long bytes;
  private volatile OptionalLong of = OptionalLong.empty();

  Listening() {
    this(() -> {});
  }

  /**
   * @param atPause done in the place of waiting
   */
  Listening(Runnable atPause) {
    this.atPause = atPause;
  }

  List<String> heard() {
    return heard;
  }

  List<Duration> pauses() {
    return pauses;
  }

  long bytes() {
    return bytes;
  }

  OptionalLong of() {
    return of;
  }

  @Override
  public void came(Wanted file, long had, OptionalLong length) {
    bytes = had;
    of = length;
  }

  @Override
  public void broke(Wanted file, String why, Duration pause) {
    heard.add(why);
  }

  @Override
  public void waits(Wanted file) {
    heard.add("waits");
  }

  @Override
  public void spend(Duration pause) {
    pauses.add(pause);
    atPause.run();
  }
}
