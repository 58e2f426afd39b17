package dev.zone.jobs.collective;

import java.io.Closeable;
import java.io.IOException;

/** Closes what nothing depends on any more. */
final class Closing {
  private Closing() {}

  static void quietly(Closeable closeable) {
    try {
      closeable.close();
    } catch (IOException e) {
      // The connection is lost either way, and whoever closes it has no more use for it.
    }
  }
}
