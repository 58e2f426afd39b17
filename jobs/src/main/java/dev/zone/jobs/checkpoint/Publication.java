package dev.zone.jobs.checkpoint;

import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How the writing of a checkpoint ended.
 *
 * @param outcome what is known
 * @param step the checkpoint's
 * @param name the folder's name in the storage
 * @param place where it is, or would be, for people
 * @param cause what went wrong; empty if it is done and nothing did
 * @param notes what else a person should know, such as old checkpoints that could not be removed;
 *     none of it undoes the outcome
 * @param bytes of the vectors and texts
 * @param took from the beginning of the writing to its end
 */
public record Publication(
    Outcome outcome,
    int step,
    String name,
    String place,
    Optional<Throwable> cause,
    List<String> notes,
    long bytes,
    Duration took) {

  public Publication {
    notes = List.copyOf(notes);
  }

  /** What is known about a checkpoint that was to be published. */
  public enum Outcome {
    /** It is there, complete and durable. */
    DONE,
    /** It is not there, and what was written of it is gone. */
    FAILED,
    /**
     * The storage no longer answers: it may be there, complete, or not at all. Nothing was deleted,
     * neither older checkpoints nor what was being written.
     */
    UNKNOWN
  }

  public boolean isDone() {
    return outcome == Outcome.DONE;
  }

  /** One line for a person. */
  public String message() {
    String reason = cause.map(failure -> " (" + Reasons.of(failure) + ")").orElse("");
    return switch (outcome) {
      case DONE -> "Checkpoint written: " + place + reason;
      case FAILED -> "Cannot write checkpoint: " + place + reason;
      case UNKNOWN -> "Cannot tell whether the checkpoint was written: " + place + reason;
    };
  }

  /** The failure, of kind environment, for a caller to whom it is one. */
  public ZoneException toException() {
    return new ZoneException(ErrorKind.ENVIRONMENT, message(), cause.orElse(null));
  }
}
