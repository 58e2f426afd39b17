package dev.zone.datasets.download;

import java.time.Duration;
import java.util.OptionalLong;

/** Hears how a download goes on, on the thread that asked for it. */
public interface Watcher {
  /**
   * Bytes came.
   *
   * @param bytes of the file that are here by now
   * @param of its size, as far as the server says one
   */
  void came(Wanted file, long bytes, OptionalLong of);

  /** It broke, and is tried again after a pause. */
  void broke(Wanted file, String why, Duration pause);

  /** Another pull is at the same file; this one waits for it. */
  void waits(Wanted file);
}
