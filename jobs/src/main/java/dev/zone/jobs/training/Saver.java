package dev.zone.jobs.training;

import dev.zone.conf.TrainingSpec.CheckpointSpec;
import dev.zone.conf.error.ZoneException;
import dev.zone.jobs.checkpoint.Checkpoint;
import dev.zone.jobs.checkpoint.CheckpointWriter;
import dev.zone.jobs.checkpoint.Checkpoints;
import dev.zone.jobs.checkpoint.Publication;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Saves the training's state on rank 0 while training goes on: the training's thread only copies. A
 * checkpoint that cannot be written ends the attempt, for what is not saved is lost with the next
 * failure; of one that nobody knows whether it was written the listener is told.
 */
final class Saver implements AutoCloseable {
  /** At the end of a training; a storage that takes longer is as good as gone. */
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  /** The other ranks wait meanwhile. */
  private static final Duration PATIENCE_AT_END = Duration.ofMillis(500);

  /** From then on people are told that a checkpoint takes long. */
  private static final long LONG_NANOS = 60_000_000_000L;

  /** When the attempt has failed: what is being written may still become the newest. */
  private static final Duration PATIENCE_AFTER_FAILURE = Duration.ofSeconds(2);

  private final CheckpointSchedule schedule;
  private final CheckpointWriter writer;
  private final TrainingListener listener;
  private Optional<Checkpoint.Position> writing = Optional.empty();
  private int savedStep = -1;
  private long submittedNanos;
  private boolean toldOfLong;

  Saver(CheckpointSpec spec, Checkpoints checkpoints, TrainingListener listener) {
    this.schedule = new CheckpointSchedule(spec, System.nanoTime());
    this.writer = new CheckpointWriter(checkpoints, PATIENCE_AFTER_FAILURE);
    this.listener = listener;
  }

  /**
   * Whether the state after this step is to be saved.
   *
   * @throws ZoneException (environment) if the checkpoint before could not be written
   */
  boolean isWantedAfter(int step) {
    poll();
    return schedule.isDueAfter(step, System.nanoTime()) && writer.isFree();
  }

  boolean isWantedAtEpochEnd() {
    poll();
    return schedule.isDueAtEpochEnd(System.nanoTime()) && writer.isFree();
  }

  void save(Checkpoint checkpoint) {
    writing = Optional.of(checkpoint.position());
    savedStep = checkpoint.position().step();
    submittedNanos = System.nanoTime();
    toldOfLong = false;
    writer.submit(checkpoint);
    schedule.taken(System.nanoTime());
  }

  /**
   * Saves the training's end, unless that is saved or being saved already, without waiting long:
   * the other ranks go on.
   *
   * @param needed whether a failure is one of the run; else the listener is told
   */
  void saveEnd(int step, Supplier<Checkpoint> end, boolean needed) {
    if (savedStep == step) {
      return;
    }
    writer
        .await(PATIENCE_AT_END)
        .filter(publication -> publication.outcome() != Publication.Outcome.UNKNOWN)
        .ifPresent(publication -> heed(publication, needed));
    if (writer.isFree()) {
      save(end.get());
    } else {
      // A second copy beside the one that is being written would need memory that nobody counted.
      listener.event(
          "checkpoint trouble",
          "the state after step "
              + step
              + " is not saved: the checkpoint before is still being written");
    }
  }

  /** Waits until all is saved. */
  void finish(boolean needed) {
    writer.await(PATIENCE).ifPresent(publication -> heed(publication, needed));
  }

  private void poll() {
    writer.poll().ifPresent(publication -> heed(publication, true));
    if (!writer.isFree() && !toldOfLong && System.nanoTime() - submittedNanos > LONG_NANOS) {
      toldOfLong = true;
      listener.event(
          "checkpoint trouble",
          "the checkpoint of step "
              + savedStep
              + " is still being written after "
              + LONG_NANOS / 1_000_000_000L
              + " s; the next is taken when it is done");
    }
  }

  private void heed(Publication publication, boolean needed) {
    Checkpoint.Position position = writing.orElseThrow();
    publication.notes().forEach(note -> listener.event("checkpoint trouble", note));
    switch (publication.outcome()) {
      case DONE -> listener.checkpoint(position.fold(), position.epoch(), position.step());
      case UNKNOWN -> listener.event("checkpoint trouble", publication.message());
      case FAILED -> {
        if (needed) {
          throw publication.toException();
        }
        listener.event("checkpoint trouble", publication.message());
      }
    }
  }

  @Override
  public void close() {
    writer.close();
  }
}
