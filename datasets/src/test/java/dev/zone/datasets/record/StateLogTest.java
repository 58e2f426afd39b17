package dev.zone.datasets.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zone.conf.RunState;
import dev.zone.datasets.storage.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class StateLogTest {
  private static final Instant NOW = Instant.parse("2026-11-26T10:00:00Z");

  @TempDir private Path folder;

  private StateLog log() {
    return new StateLog(Storage.local(folder));
  }

  @Test
  void keepsEveryStateAndACopyOfTheNewest() throws IOException {
    StateLog log = log();
    assertThat(log.newest()).isEmpty();
    log.advance(RunState.SUBMITTED, "accepted", NOW);
    log.advance(RunState.QUEUED, "", NOW);
    log.advance(RunState.STARTING, "", NOW.plusSeconds(1));
    assertThat(log.newest())
        .contains(new StateLog.Entry(3, RunState.STARTING, "2026-11-26T10:00:01Z", ""));
    assertThat(Files.readString(folder.resolve("state.json"))).contains("\"STARTING\"");
    try (var files = Files.list(folder.resolve("states"))) {
      assertThat(files.map(file -> file.getFileName().toString()).sorted())
          .containsExactly("000001.json", "000002.json", "000003.json");
    }
  }

  @Test
  void refusesMovesThatAreNotInTheTable() {
    StateLog log = log();
    assertThatThrownBy(() -> log.advance(RunState.TRAINING, "", NOW))
        .isInstanceOf(StateLog.IllegalMoveException.class)
        .hasMessage("Cannot move the run to TRAINING: it is not begun");
    log.advance(RunState.STARTING, "", NOW);
    log.advance(RunState.CANCELLED, "", NOW);
    assertThatThrownBy(() -> log.advance(RunState.FAILED, "", NOW))
        .hasMessage("Cannot move the run to FAILED: it is CANCELLED");
    log.advance(RunState.SUBMITTED, "going on", NOW);
  }

  @Test
  void letsOneOfSeveralMove() throws Exception {
    StateLog log = log();
    log.advance(RunState.STARTING, "", NOW);
    Optional<StateLog.Entry> seen = log.newest();
    ExecutorService threads = Executors.newFixedThreadPool(6);
    try {
      CountDownLatch start = new CountDownLatch(1);
      List<Future<Boolean>> moves = new ArrayList<>();
      for (RunState to :
          List.of(RunState.FAILED, RunState.CANCELLED, RunState.LOST, RunState.PREPARING)) {
        moves.add(
            threads.submit(
                () -> {
                  start.await();
                  return log().move(seen, to, to.name(), NOW);
                }));
      }
      start.countDown();
      int moved = 0;
      for (Future<Boolean> move : moves) {
        moved += move.get() ? 1 : 0;
      }
      assertThat(moved).isEqualTo(1);
      assertThat(log.newest().orElseThrow().number()).isEqualTo(2);
    } finally {
      threads.shutdownNow();
    }
  }

  @ParameterizedTest
  @EnumSource(RunState.class)
  void everyStateLeadsToAnEnd(RunState state) {
    List<RunState> reached = new ArrayList<>(List.of(state));
    for (int i = 0; i < reached.size(); i++) {
      reached.get(i).next().stream().filter(next -> !reached.contains(next)).forEach(reached::add);
    }
    assertThat(reached).anyMatch(RunState::isFinal);
  }

  @Test
  void readsARecordThatHasTheCopyAlone() throws IOException {
    Files.writeString(
        folder.resolve("state.json"), "{\"state\": \"TRAINING\", \"message\": \"m\"}");
    assertThat(log().newest()).contains(new StateLog.Entry(0, RunState.TRAINING, "", "m"));
    log().advance(RunState.LOST, "nobody is at work", NOW);
    assertThat(log().newest().orElseThrow().number()).isEqualTo(1);
  }
}
