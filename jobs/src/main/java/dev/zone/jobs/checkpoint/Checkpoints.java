package dev.zone.jobs.checkpoint;

import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.storage.Storage;
import dev.zone.jobs.checkpoint.Publication.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A run's checkpoints: written whole, the newest few and the best kept, used only if every byte is
 * right.
 *
 * <p>Several may work on one folder, as when a writer that was given up for dead comes back: none
 * replaces what another has published or touches what a later step has. Writing and looking for the
 * newest wait for each other.
 */
public final class Checkpoints {
  private final Storage storage;
  private final int keep;

  /**
   * Newer than the one that is gone on from: of no use any more, so not counted among those that
   * are kept.
   */
  private final Set<CheckpointName> givenUp = new HashSet<>();

  /**
   * Hidden names to be removed: what was there before this instance began to write, and what its
   * own failures have left. Others that appear later belong to a writer that may be at work.
   */
  private final Set<String> leftOver = new HashSet<>();

  private boolean hasLooked;

  /**
   * @param storage the run's {@code checkpoints} folder, made when first needed; closed by the
   *     caller
   * @param keep how many of the newest are kept, from 1
   */
  public Checkpoints(Storage storage, int keep) {
    if (keep < 1) {
      throw new IllegalArgumentException(
          "Cannot keep checkpoints: " + keep + " (expected 1 or more)");
    }
    this.storage = storage;
    this.keep = keep;
  }

  /**
   * The newest checkpoint that can be gone on from.
   *
   * @param usable empty if there is none
   * @param passedOver one message for each newer one that cannot be used
   */
  public record Newest(Optional<Usable> usable, List<String> passedOver) {}

  /**
   * A checkpoint whose every byte is right.
   *
   * @param name its folder's in the storage
   * @param place where it is, for people
   */
  public record Usable(
      String name, String place, Checkpoint.Position position, Checkpoint.Origin origin) {}

  /**
   * Writes a checkpoint beside its place, forces it to disk, renames it, and then, if that is done,
   * removes the ones that are no longer kept: all but the newest, and the one at the best
   * validation so far. Throws nothing for a storage that fails; the outcome tells.
   */
  public synchronized Publication write(Checkpoint checkpoint) {
    long began = System.nanoTime();
    int step = checkpoint.position().step();
    CheckpointName name = new CheckpointName(step, 1);
    // Told apart from what others are writing, and from what an unknown outcome has left.
    String unique = UUID.randomUUID().toString();
    String hidden = name.hidden(unique);
    Optional<CheckpointFiles.Written> written = Optional.empty();
    List<String> notes = new ArrayList<>();
    Outcome outcome = Outcome.DONE;
    Optional<Throwable> cause = Optional.empty();
    try {
      storage.makeFolders("");
      name = free(step);
      hidden = name.hidden(unique);
      leftOver.add(hidden);
      storage.makeFolders(hidden);
      written = Optional.of(new CheckpointFiles(storage, hidden).write(checkpoint));
      storage.rename(hidden, name.text());
    } catch (IOException | RuntimeException e) {
      cause = Optional.of(e);
      outcome = ask(name, written, e);
    }
    if (outcome == Outcome.DONE) {
      leftOver.remove(hidden);
      notes.addAll(removeOld(name, checkpoint.position().bestStep()));
    } else if (outcome == Outcome.FAILED) {
      // A full disk needs the room; what cannot be removed is hidden and goes after a later one.
      delete(hidden).ifPresent(notes::add);
    }
    return new Publication(
        outcome,
        step,
        name.text(),
        storage.place(name.text()),
        cause,
        notes,
        written.map(CheckpointFiles.Written::bytes).orElse(0L),
        Duration.ofNanos(System.nanoTime() - began));
  }

  /**
   * Names of what looks like checkpoints, the newest first; none if there is no such folder.
   *
   * @throws ZoneException (environment) if the storage fails
   */
  public List<String> list() {
    return names().stream().map(CheckpointName::text).toList();
  }

  /**
   * Looks through the checkpoints from the newest for the first whose every byte is right. If this
   * instance writes later, it goes on from that one: those passed over no longer count among the
   * newest, and go when a later step is written.
   *
   * @param longestVector what no vector of the model is longer than, in floats: parameters or
   *     updater state
   * @throws ZoneException (environment) if the storage does not answer, so that a training does not
   *     begin anew only because its checkpoints cannot be reached at the moment
   */
  public synchronized Newest newestUsable(int longestVector) {
    List<String> passedOver = new ArrayList<>();
    Optional<Exception> unread = Optional.empty();
    givenUp.clear();
    for (CheckpointName name : names()) {
      String place = storage.place(name.text());
      try {
        Manifest manifest =
            new CheckpointFiles(storage, name.text()).verify(name.step(), longestVector);
        return new Newest(
            Optional.of(new Usable(name.text(), place, manifest.position(), manifest.origin())),
            List.copyOf(passedOver));
      } catch (DamagedCheckpointException e) {
        givenUp.add(name);
        passedOver.add("Cannot use checkpoint: " + place + " (" + Reasons.of(e) + ")");
      } catch (IOException | RuntimeException e) {
        givenUp.add(name);
        unread = Optional.of(e);
        passedOver.add("Cannot read checkpoint: " + place + " (" + Reasons.of(e) + ")");
      }
    }
    if (unread.isPresent()) {
      throw new ZoneException(ErrorKind.ENVIRONMENT, String.join("\n", passedOver), unread.get());
    }
    return new Newest(Optional.empty(), List.copyOf(passedOver));
  }

  /**
   * Reads a checkpoint. If this instance writes later, it goes on from that one: newer ones no
   * longer count among the newest, and go when a later step is written.
   *
   * @param name as {@link #list} gives it
   * @param longestVector as of {@link #newestUsable}
   * @throws ZoneException (user) if the name is not a checkpoint's, (environment) if a byte of it
   *     is missing or wrong, or the storage fails
   */
  public synchronized Checkpoint read(String name, int longestVector) {
    CheckpointName parsed =
        CheckpointName.parse(name)
            .orElseThrow(
                () ->
                    ZoneException.user(
                        "Cannot use checkpoint: "
                            + name
                            + " (expected a name such as step-00000400)"));
    try {
      Checkpoint checkpoint = load(parsed, longestVector);
      givenUp.clear();
      visible().stream().takeWhile(newer -> !newer.equals(parsed)).forEach(givenUp::add);
      return checkpoint;
    } catch (DamagedCheckpointException e) {
      throw ZoneException.environment(
          "Cannot use checkpoint: " + storage.place(name) + " (" + Reasons.of(e) + ")", e);
    } catch (IOException e) {
      throw ZoneException.environment(
          "Cannot read checkpoint: " + storage.place(name) + " (" + Reasons.of(e) + ")", e);
    }
  }

  /** That of a writing of which nothing more is known. */
  Publication unknown(Checkpoint checkpoint, Throwable cause, Duration took) {
    int step = checkpoint.position().step();
    String name = new CheckpointName(step, 1).text();
    return new Publication(
        Outcome.UNKNOWN, step, name, storage.place(name), Optional.of(cause), List.of(), 0, took);
  }

  private Checkpoint load(CheckpointName name, int longestVector) throws IOException {
    return new CheckpointFiles(storage, name.text()).read(name.step(), longestVector);
  }

  private List<CheckpointName> names() {
    try {
      return visible();
    } catch (IOException e) {
      throw ZoneException.environment(
          "Cannot list checkpoints: " + storage.place("") + " (" + Reasons.of(e) + ")", e);
    }
  }

  private List<CheckpointName> visible() throws IOException {
    return visible(storage.list("")).toList();
  }

  private static Stream<CheckpointName> visible(List<String> names) {
    return names.stream()
        .flatMap(name -> CheckpointName.parse(name).stream())
        .sorted(CheckpointName.NEWEST_FIRST);
  }

  private CheckpointName free(int step) throws IOException {
    List<String> all = storage.list("");
    if (!hasLooked) {
      all.stream().filter(CheckpointName::isHidden).forEach(leftOver::add);
      hasLooked = true;
    }
    int taken =
        visible(all)
            .filter(name -> name.step() == step)
            .mapToInt(CheckpointName::generation)
            .max()
            .orElse(0);
    return new CheckpointName(step, taken + 1);
  }

  /** After a failure, only the storage knows what has happened. */
  private Outcome ask(
      CheckpointName name, Optional<CheckpointFiles.Written> written, Exception failure) {
    try {
      Optional<String> there = new CheckpointFiles(storage, name.text()).sums();
      boolean ours = there.isPresent() && there.equals(written.map(CheckpointFiles.Written::sums));
      return ours ? Outcome.DONE : Outcome.FAILED;
    } catch (IOException | RuntimeException unanswered) {
      failure.addSuppressed(unanswered);
      return Outcome.UNKNOWN;
    }
  }

  /**
   * Steps beyond the one just written are not touched: either they are damaged, or another writer
   * has gone on further than we know.
   *
   * @return what could not be removed
   */
  private List<String> removeOld(CheckpointName written, int bestStep) {
    List<String> notes = new ArrayList<>();
    try {
      List<CheckpointName> visible =
          visible(storage.list("")).filter(name -> name.step() <= written.step()).toList();
      Set<CheckpointName> kept = kept(visible, bestStep);
      visible.stream()
          .filter(name -> !kept.contains(name))
          .forEach(name -> delete(name.text()).ifPresent(notes::add));
      for (String name : List.copyOf(leftOver)) {
        delete(name).ifPresentOrElse(notes::add, () -> leftOver.remove(name));
      }
    } catch (IOException | RuntimeException e) {
      notes.add("Cannot remove old checkpoints: " + storage.place("") + " (" + Reasons.of(e) + ")");
    }
    return notes;
  }

  private Set<CheckpointName> kept(List<CheckpointName> newestFirst, int bestStep) {
    Set<CheckpointName> kept = new HashSet<>();
    Set<Integer> steps = new HashSet<>();
    for (CheckpointName name : newestFirst) {
      // Of a step's generations the last counts.
      if (!givenUp.contains(name) && steps.add(name.step())) {
        if (kept.size() < keep || name.step() == bestStep) {
          kept.add(name);
        }
      }
    }
    return kept;
  }

  private Optional<String> delete(String name) {
    try {
      storage.deleteTree(name);
      return Optional.empty();
    } catch (IOException | RuntimeException e) {
      return Optional.of("Cannot remove: " + storage.place(name) + " (" + Reasons.of(e) + ")");
    }
  }
}
