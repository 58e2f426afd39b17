package dev.zone.launcher.runs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunWatcherTest {
  @TempDir private Path runs;
  private final List<RunRecord> told = new ArrayList<>();

  private void metrics(String text) throws IOException {
    Path folder = Files.createDirectories(runs.resolve("a-run"));
    Files.writeString(
        folder.resolve("metrics.jsonl"),
        text,
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  private List<RunRecord> poll(RunWatcher watcher) {
    told.clear();
    watcher.poll();
    return List.copyOf(told);
  }

  @Test
  void tellsOfValidationsBetweenEpochs() throws IOException {
    RunWatcher watcher = new RunWatcher(new RunFolder(runs, "a-run"), told::add);
    metrics(
        """
        {"type":"validation","fold":2,"epoch":3,"step":120,"validation":{"loss":0.5,"f1":0.25},"best":true}
        {"type":"epoch","fold":2,"epoch":3,"step":150,"loss":0.4,"examplesPerSecond":10.0,"seconds":15.0,"best":false}
        {"type":"validation","fold":2,"epoch":4,"step":160,
        """);

    assertThat(poll(watcher))
        .containsExactly(
            new RunRecord.Validation(2, 3, 120, Map.of("loss", 0.5, "f1", 0.25), true),
            new RunRecord.Epoch(2, 3, 150, 0.4, 10, 15, Map.of(), false));
  }

  @Test
  void leavesOutWhatItDoesNotUnderstand() throws IOException {
    RunWatcher watcher = new RunWatcher(new RunFolder(runs, "a-run"), told::add);
    metrics(
        """
        {"type":"validation","best":"so far"}
        {"type":"validation","step":[]}
        {"type":"of a later version","step":1}
        no JSON
        {"type":"checkpoint","fold":1,"epoch":1,"step":7}
        """);

    assertThat(poll(watcher))
        .containsExactly(
            new RunRecord.Validation(1, 1, 0, Map.of(), false), new RunRecord.Checkpoint(1, 1, 7));
  }
}
