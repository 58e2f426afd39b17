package dev.zone.jobs.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zone.datasets.storage.Storage;
import dev.zone.jobs.checkpoint.Publication.Outcome;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CheckpointWriterTest {
  private static final Duration LONG = Duration.ofSeconds(50);

  @TempDir Path folder;

  @Test
  void writesWhileTheCallerGoesOn() {
    CountDownLatch held = new CountDownLatch(1);
    Checkpoints checkpoints = new Checkpoints(heldUntil(held, Storage.local(folder)), 2);
    try (CheckpointWriter writer = new CheckpointWriter(checkpoints, LONG)) {
      assertThat(writer.isFree()).isTrue();
      assertThat(writer.poll()).isEmpty();
      writer.submit(Samples.at(100));
      assertThat(writer.isFree()).isFalse();
      assertThat(writer.poll()).isEmpty();
      assertThatThrownBy(() -> writer.submit(Samples.at(200)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(
              "Cannot submit checkpoint: step 200 (expected that of step 100 to be taken first)");
      Publication waiting = writer.await(Duration.ofMillis(1)).orElseThrow();
      assertThat(waiting.outcome()).isEqualTo(Outcome.UNKNOWN);
      assertThat(waiting.message())
          .isEqualTo(
              "Cannot tell whether the checkpoint was written: "
                  + folder.resolve("step-00000100")
                  + " (still being written after 0.001 s)");
      assertThat(writer.isFree()).isFalse();
      held.countDown();
      Publication done = writer.await(LONG).orElseThrow();
      assertThat(done.outcome()).isEqualTo(Outcome.DONE);
      assertThat(done.step()).isEqualTo(100);
      assertThat(writer.isFree()).isTrue();
      assertThat(writer.poll()).isEmpty();
      assertThat(writer.await(LONG)).isEmpty();
    }
    assertThat(checkpoints.list()).containsExactly("step-00000100");
  }

  @Test
  void givesThePublicationOnceItIsThere() {
    Checkpoints checkpoints = new Checkpoints(Storage.local(folder), 2);
    try (CheckpointWriter writer = new CheckpointWriter(checkpoints, LONG)) {
      for (int step = 1; step <= 3; step++) {
        writer.submit(Samples.at(step));
        Optional<Publication> publication = writer.poll();
        while (publication.isEmpty()) {
          Thread.onSpinWait();
          publication = writer.poll();
        }
        assertThat(publication.get().step()).isEqualTo(step);
      }
    }
    assertThat(checkpoints.list()).containsExactly("step-00000003", "step-00000002");
  }

  @Test
  void finishesWhatItHasBegunBeforeItCloses() {
    Checkpoints checkpoints = new Checkpoints(Storage.local(folder), 2);
    try (CheckpointWriter writer = new CheckpointWriter(checkpoints, LONG)) {
      writer.submit(Samples.at(100));
    }
    assertThat(checkpoints.list()).containsExactly("step-00000100");
  }

  @Test
  void doesNotWaitForAStorageThatNeverAnswers() {
    CountDownLatch never = new CountDownLatch(1);
    Checkpoints checkpoints = new Checkpoints(heldUntil(never, Storage.local(folder)), 2);
    CheckpointWriter writer = new CheckpointWriter(checkpoints, Duration.ofMillis(1));
    writer.submit(Samples.at(100));
    writer.close();
    assertThat(folder.toFile().list()).isEmpty();
    // Its thread, a daemon, stays held: let go of, it would write while the folder is removed.
  }

  @Test
  void tellsAFailureAsItsOutcome() {
    Checkpoints checkpoints =
        new Checkpoints(new FaultyStorage(Storage.local(folder)).withRoomFor(10), 2);
    try (CheckpointWriter writer = new CheckpointWriter(checkpoints, LONG)) {
      writer.submit(Samples.at(100));
      assertThat(writer.await(LONG).orElseThrow().outcome()).isEqualTo(Outcome.FAILED);
      assertThat(writer.isFree()).isTrue();
    }
  }

  @Test
  void doesNotKnowTheOutcomeIfMemoryRunsOut() {
    Storage storage =
        (Storage)
            Proxy.newProxyInstance(
                Storage.class.getClassLoader(),
                new Class<?>[] {Storage.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("write")) {
                    throw new OutOfMemoryError("Java heap space");
                  }
                  return call(Storage.local(folder), method, arguments);
                });
    try (CheckpointWriter writer = new CheckpointWriter(new Checkpoints(storage, 2), LONG)) {
      writer.submit(Samples.at(100));
      Publication publication = writer.await(LONG).orElseThrow();
      assertThat(publication.outcome()).isEqualTo(Outcome.UNKNOWN);
      assertThat(publication.message()).endsWith(" (Java heap space)");
    }
  }

  private static Storage heldUntil(CountDownLatch latch, Storage storage) {
    return (Storage)
        Proxy.newProxyInstance(
            Storage.class.getClassLoader(),
            new Class<?>[] {Storage.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("makeFolders")) {
                latch.await();
              }
              return call(storage, method, arguments);
            });
  }

  private static Object call(Storage storage, java.lang.reflect.Method method, Object[] arguments)
      throws Throwable {
    try {
      return method.invoke(storage, arguments);
    } catch (java.lang.reflect.InvocationTargetException e) {
      throw e.getCause() instanceof IOException failure ? failure : e.getCause();
    }
  }
}
