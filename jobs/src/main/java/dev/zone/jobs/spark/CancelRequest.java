package dev.zone.jobs.spark;

import dev.zone.jobs.run.RunFolder;
import java.util.function.BooleanSupplier;

/** Looks for the run folder's {@code cancel} file, but not at each of a thousand steps a second. */
final class CancelRequest implements BooleanSupplier {
  private static final long BETWEEN_LOOKS_NANOS = 200_000_000L;

  private final RunFolder folder;
  private long lastLook = System.nanoTime() - BETWEEN_LOOKS_NANOS;
  private boolean requested;

  CancelRequest(RunFolder folder) {
    this.folder = folder;
  }

  @Override
  public boolean getAsBoolean() {
    long now = System.nanoTime();
    if (!requested && now - lastLook >= BETWEEN_LOOKS_NANOS) {
      lastLook = now;
      requested = folder.isCancelRequested();
    }
    return requested;
  }
}
