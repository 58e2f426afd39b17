package dev.zone.jobs.checkpoint;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Writes checkpoints while training goes on: one at a time, in a thread of its own. For one caller
 * thread, which never waits unless it asks to.
 *
 * <p>At each step:
 *
 * <pre>{@code
 * writer.poll().ifPresent(this::report);
 * if (isDue && writer.isFree()) {
 *   writer.submit(copyOfTheState());
 * }
 * }</pre>
 */
public final class CheckpointWriter implements AutoCloseable {
  private final Checkpoints checkpoints;
  private final Duration patience;
  private final ExecutorService thread;
  private Optional<InFlight> inFlight = Optional.empty();

  private record InFlight(Checkpoint checkpoint, long began, Future<Publication> publication) {}

  /**
   * @param patience how long {@link #close} waits for what is being written
   */
  public CheckpointWriter(Checkpoints checkpoints, Duration patience) {
    this.checkpoints = checkpoints;
    this.patience = patience;
    this.thread =
        Executors.newSingleThreadExecutor(
            work -> {
              Thread made = new Thread(work, "zone-checkpoint");
              // A storage that never answers must not keep the process.
              made.setDaemon(true);
              return made;
            });
  }

  /** Whether there is no checkpoint in flight whose publication is still to be taken. */
  public boolean isFree() {
    return inFlight.isEmpty();
  }

  /**
   * Begins to write a checkpoint. Its arrays belong to the writer until {@link #poll} or {@link
   * #await} has given its publication; then they may be used again.
   *
   * @throws IllegalStateException if it is not free
   */
  public void submit(Checkpoint checkpoint) {
    if (inFlight.isPresent()) {
      throw new IllegalStateException(
          "Cannot submit checkpoint: step "
              + checkpoint.position().step()
              + " (expected that of step "
              + inFlight.get().checkpoint().position().step()
              + " to be taken first)");
    }
    inFlight =
        Optional.of(
            new InFlight(
                checkpoint, System.nanoTime(), thread.submit(() -> checkpoints.write(checkpoint))));
  }

  /** The publication of what was submitted, once, if it has ended. */
  public Optional<Publication> poll() {
    return inFlight.filter(flight -> flight.publication().isDone()).map(flight -> take(flight, 0));
  }

  /**
   * Waits for what is in flight.
   *
   * @return its publication; of outcome UNKNOWN if it takes longer or the thread is interrupted,
   *     and then it stays in flight; empty if nothing is
   */
  public Optional<Publication> await(Duration longest) {
    return inFlight.map(flight -> take(flight, longest.toNanos()));
  }

  /**
   * Waits a while for what is in flight, which goes on in its daemon thread if it takes longer. Its
   * publication is lost if nobody has taken it.
   */
  @Override
  public void close() {
    thread.shutdown();
    Optional<Publication> last = await(patience);
    last.ifPresent(publication -> inFlight = Optional.empty());
  }

  private Publication take(InFlight flight, long nanos) {
    try {
      Publication publication = flight.publication().get(nanos, TimeUnit.NANOSECONDS);
      inFlight = Optional.empty();
      return publication;
    } catch (ExecutionException e) {
      inFlight = Optional.empty();
      return unknown(flight, e.getCause());
    } catch (TimeoutException e) {
      return unknown(
          flight, new TimeoutException("still being written after " + seconds(nanos) + " s"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return unknown(flight, e);
    }
  }

  private Publication unknown(InFlight flight, Throwable cause) {
    return checkpoints.unknown(
        flight.checkpoint(), cause, Duration.ofNanos(System.nanoTime() - flight.began()));
  }

  private static double seconds(long nanos) {
    return nanos / 1_000_000 / 1000.0;
  }
}
