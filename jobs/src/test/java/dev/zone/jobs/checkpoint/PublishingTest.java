package dev.zone.jobs.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zone.datasets.storage.Storage;
import dev.zone.jobs.checkpoint.FaultyStorage.Rename;
import dev.zone.jobs.checkpoint.Publication.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every way in which writing can go wrong. */
class PublishingTest {
  private static final int LONGEST = 100;

  @TempDir Path folder;
  private FaultyStorage storage;
  private Checkpoints checkpoints;

  @BeforeEach
  void writeOne() {
    storage = new FaultyStorage(Storage.local(folder));
    checkpoints = new Checkpoints(storage, 1);
    assertThat(checkpoints.write(Samples.at(100)).outcome()).isEqualTo(Outcome.DONE);
  }

  @Test
  void leavesNothingOfTheNewOneWhereverTheDiskIsFull() {
    long all = new Checkpoints(storage, 1).write(Samples.at(100)).bytes();
    Set<String> before = entries();
    assertThat(all).isGreaterThan(500);
    for (long room = 0; room < all; room++) {
      Publication publication = write(storage.withRoomFor(room), 200);
      assertThat(publication.outcome()).as("room for %d bytes", room).isEqualTo(Outcome.FAILED);
      assertThat(publication.message())
          .isEqualTo(
              "Cannot write checkpoint: "
                  + folder.resolve("step-00000200")
                  + " (No space left on device)");
      assertThat(entries()).as("room for %d bytes", room).isEqualTo(before);
    }
    assertThat(newestStep()).isEqualTo(100);
    assertThat(write(storage.withRoomFor(all), 200).outcome()).isEqualTo(Outcome.DONE);
  }

  @Test
  void deletesNothingWhereverTheStorageIsLost() {
    long all = new Checkpoints(storage, 1).write(Samples.at(100)).bytes();
    storage.losingItAtTheFirstFailure();
    for (long room = 0; room < all; room += 61) {
      Set<String> before = entries();
      Publication publication = write(storage.mended().withRoomFor(room), 200);
      assertThat(publication.outcome()).as("room for %d bytes", room).isEqualTo(Outcome.UNKNOWN);
      assertThat(entries()).containsAll(before).hasSize(before.size() + 1);
      assertThat(visible()).containsExactly("step-00000100-2");
    }
    assertThat(write(storage.mended(), 300).outcome()).isEqualTo(Outcome.DONE);
    // What was left over is gone now.
    assertThat(entries()).containsExactly("step-00000300");
  }

  @Test
  void failsIfTheRenamingHasNotHappened() {
    Publication publication = write(storage.withRename(Rename.FAILS_BEFORE), 200);
    assertThat(publication.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(publication.message())
        .isEqualTo(
            "Cannot write checkpoint: "
                + folder.resolve("step-00000200")
                + " (the connection was cut)");
    assertThat(entries()).containsExactly("step-00000100");
  }

  @Test
  void isDoneIfTheRenamingHasHappenedAllTheSame() {
    Publication publication = write(storage.withRename(Rename.FAILS_AFTER), 200);
    assertThat(publication.outcome()).isEqualTo(Outcome.DONE);
    assertThat(publication.message())
        .isEqualTo(
            "Checkpoint written: " + folder.resolve("step-00000200") + " (no answer within 60 s)");
    assertThat(entries()).containsExactly("step-00000200");
    assertThat(newestStep()).isEqualTo(200);
  }

  @Test
  void deletesNothingIfNobodyKnowsWhetherTheRenamingHasHappened() {
    storage.losingItAtTheFirstFailure();
    Publication notThere = write(storage.withRename(Rename.FAILS_BEFORE), 200);
    assertThat(notThere.outcome()).isEqualTo(Outcome.UNKNOWN);
    assertThat(notThere.message())
        .isEqualTo(
            "Cannot tell whether the checkpoint was written: "
                + folder.resolve("step-00000200")
                + " (the connection was cut)");
    assertThat(notThere.cause().orElseThrow().getSuppressed()[0])
        .hasMessage("the storage does not answer");
    assertThat(entries()).hasSize(2).contains("step-00000100");
    assertThat(visible()).containsExactly("step-00000100");
    Publication there = write(storage.mended().withRename(Rename.FAILS_AFTER), 300);
    assertThat(there.outcome()).isEqualTo(Outcome.UNKNOWN);
    storage.mended();
    // One kept, and yet the older one is still there: nobody knew that it was no longer needed.
    assertThat(visible()).containsExactly("step-00000100", "step-00000300");
    assertThat(newestStep()).isEqualTo(300);
    assertThat(write(storage, 400).outcome()).isEqualTo(Outcome.DONE);
    assertThat(entries()).containsExactly("step-00000400");
  }

  @Test
  void isDoneEvenIfOldOnesCannotBeRemoved() {
    Publication publication = write(storage.thatDeletesNothing(), 200);
    assertThat(publication.outcome()).isEqualTo(Outcome.DONE);
    assertThat(publication.notes())
        .containsExactly(
            "Cannot remove: " + folder.resolve("step-00000100") + " (deleting is not allowed)");
    assertThat(visible()).containsExactly("step-00000100", "step-00000200");
  }

  @Test
  void saysIfWhatFailedCannotBeRemoved() {
    Publication publication =
        write(storage.thatDeletesNothing().withRename(Rename.FAILS_BEFORE), 200);
    assertThat(publication.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(publication.notes()).hasSize(1);
    assertThat(publication.notes().get(0))
        .startsWith("Cannot remove: " + folder.resolve(".step-00000200."))
        .endsWith(".writing (deleting is not allowed)");
    assertThat(visible()).containsExactly("step-00000100");
  }

  @Test
  void leavesWhatAnotherWriterHasPublishedAlone() {
    Checkpoints frozen = new Checkpoints(Storage.local(folder), 1);
    assertThat(write(storage, 300).outcome()).isEqualTo(Outcome.DONE);
    assertThat(frozen.write(Samples.at(200)).outcome()).isEqualTo(Outcome.DONE);
    assertThat(frozen.write(Samples.at(300)).name()).isEqualTo("step-00000300-2");
    assertThat(visible()).containsExactly("step-00000300-2");
    assertThat(newestStep()).isEqualTo(300);
  }

  @Test
  void removesWhatTheDeadHaveLeftAndNothingOfTheLiving() throws IOException {
    for (String name :
        new String[] {
          ".step-00000150." + UUID.randomUUID() + ".writing",
          ".step-00000090-2." + UUID.randomUUID() + ".deleted",
          // As versions that wrote format 1 left it.
          ".step-00000120.writing"
        }) {
      Files.createDirectory(folder.resolve(name));
      Files.writeString(folder.resolve(name).resolve("updater.f32"), "half");
    }
    Files.createDirectory(folder.resolve(".of-somebody-else"));
    Checkpoints next = new Checkpoints(Storage.local(folder), 1);
    next.write(Samples.at(200));
    assertThat(entries()).containsExactly(".of-somebody-else", "step-00000200");
    String living = ".step-00000250." + UUID.randomUUID() + ".writing";
    Files.createDirectory(folder.resolve(living));
    next.write(Samples.at(300));
    assertThat(entries()).containsExactly(".of-somebody-else", living, "step-00000300");
  }

  private Publication write(Storage to, int step) {
    assertThat(to).isSameAs(storage);
    return checkpoints.write(Samples.at(step));
  }

  private int newestStep() {
    return new Checkpoints(Storage.local(folder), 1)
        .newestUsable(LONGEST)
        .usable()
        .orElseThrow()
        .position()
        .step();
  }

  private Set<String> entries() {
    return new TreeSet<>(Set.of(folder.toFile().list()));
  }

  private Set<String> visible() {
    Set<String> visible = entries();
    visible.removeIf(name -> name.startsWith("."));
    return visible;
  }
}
