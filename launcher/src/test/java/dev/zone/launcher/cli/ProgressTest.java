package dev.zone.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zone.conf.RunState;
import dev.zone.launcher.runs.RunRecord;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private static final long SECOND_NS = 1_000_000_000L;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final AtomicLong nanoTime = new AtomicLong();

  private Progress progress(boolean onTerminal, int columns) {
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    return Progress.onOut(
        new Terminal(out, out, onTerminal, onTerminal, columns, nanoTime::get), "macroF1");
  }

  private String written() {
    String text = bytes.toString(StandardCharsets.UTF_8);
    bytes.reset();
    return text;
  }

  private static RunRecord.Start start(int folds) {
    return new RunRecord.Start(10, 100, 6400, 1234567, 2, folds);
  }

  private static RunRecord.Step step(int fold, int epoch, long step, double seconds) {
    return new RunRecord.Step(fold, epoch, step, 0.41234, 2481.4, seconds);
  }

  @Test
  void drawsOneLineWithAllThatMatters() {
    Progress progress = progress(true, 160);
    progress.accept(start(1));
    progress.accept(
        new RunRecord.Epoch(
            1, 2, 200, 0.5, 2480, 20, Map.of("loss", 0.4, "macroF1", 0.8123), true));
    written();

    nanoTime.addAndGet(SECOND_NS);
    progress.accept(step(1, 3, 250, 25));

    assertThat(written())
        .isEqualTo(
            "\r\u001b[K[======>                 ] epoch 3/10, step 250/1,000, 2,481 examples/s,"
                + " loss 0.4123, validation macroF1 0.8123, 1 min 15 s left");
  }

  @Test
  void leavesOutWhatMattersLeastOnANarrowScreen() {
    Progress progress = progress(true, 80);
    progress.accept(start(1));
    progress.accept(
        new RunRecord.Epoch(
            1, 2, 200, 0.5, 2480, 20, Map.of("loss", 0.4, "macroF1", 0.8123), true));
    written();

    nanoTime.addAndGet(SECOND_NS);
    progress.accept(step(1, 3, 250, 25));

    assertThat(written())
        .isEqualTo(
            "\r\u001b[K[==>     ] epoch 3/10, loss 0.4123, validation macroF1 0.8123,"
                + " 1 min 15 s left");
  }

  @Test
  void saysThatSparkStartsOnAScreenOnly() {
    progress(true, 80).starting();
    assertThat(written()).isEqualTo("\r\u001b[Kstarting Spark");

    progress(false, 80).starting();
    assertThat(written()).isEmpty();
  }

  @Test
  void cutsTheLineToTheScreen() {
    Progress progress = progress(true, 30);
    progress.accept(start(1));
    written();
    nanoTime.addAndGet(SECOND_NS);

    progress.accept(step(1, 3, 250, 25));

    assertThat(written().replace("\r\u001b[K", "")).hasSize(29);
  }

  @Test
  void takesTheLineAwayBeforeOneThatStays() {
    Progress progress = progress(true, 160);
    progress.accept(start(1));
    nanoTime.addAndGet(SECOND_NS);
    progress.accept(step(1, 1, 50, 5));
    written();

    progress.accept(new RunRecord.Epoch(1, 1, 100, 0.5, 2480, 10, Map.of(), false));

    assertThat(written())
        .isEqualTo("\r\u001b[Kepoch 1/10: loss 0.5000, 2,480 examples/s, after 10 s\n");
  }

  @Test
  void printsALineForAValidationBetweenEpochs() {
    Progress progress = progress(false, 80);
    progress.accept(start(1));
    written();

    progress.accept(
        new RunRecord.Validation(1, 3, 1250, Map.of("loss", 0.4, "macroF1", 0.8123), true));
    progress.accept(new RunRecord.Epoch(1, 3, 300, 0.5, 2480, 20, Map.of(), false));

    assertThat(written())
        .isEqualTo(
            """
            epoch 3/10, step 1,250: validation loss 0.4000, validation macroF1 0.8123 (best)
            epoch 3/10: loss 0.5000, 2,480 examples/s, after 20 s
            """);
  }

  @Test
  void showsOnAScreenWhatTheLastValidationSaid() {
    Progress progress = progress(true, 160);
    progress.accept(start(1));
    nanoTime.addAndGet(SECOND_NS);
    progress.accept(step(1, 3, 240, 24));
    written();

    progress.accept(new RunRecord.Validation(1, 3, 250, Map.of("macroF1", 0.75), false));
    assertThat(written()).isEqualTo("\r\u001b[Kepoch 3/10, step 250: validation macroF1 0.7500\n");

    nanoTime.addAndGet(SECOND_NS);
    progress.accept(step(1, 3, 260, 26));
    assertThat(written()).contains("step 260/1,000").contains("validation macroF1 0.7500");

    progress.accept(new RunRecord.Resume(1, 3, 240, 2));
    nanoTime.addAndGet(SECOND_NS);
    progress.accept(step(1, 3, 241, 25));
    assertThat(written()).contains("step 241/1,000").doesNotContain("validation");
  }

  @Test
  void printsPlainLinesAtMostEveryTenSeconds() {
    Progress progress = progress(false, 80);
    progress.accept(start(1));
    written();

    for (int second = 1; second <= 25; second++) {
      nanoTime.addAndGet(SECOND_NS);
      progress.accept(step(1, 1, second, second));
    }

    assertThat(written())
        .isEqualTo(
            """
            epoch 1/10, step 10/1,000, 2,481 examples/s, loss 0.4123, 16 min 30 s left
            epoch 1/10, step 20/1,000, 2,481 examples/s, loss 0.4123, 16 min 20 s left
            """);
  }

  @Test
  void countsTheFoldsThatAreLeft() {
    Progress progress = progress(false, 80);
    progress.accept(start(10));
    nanoTime.addAndGet(11 * SECOND_NS);
    written();

    progress.accept(step(2, 5, 500, 5));

    assertThat(written())
        .isEqualTo(
            "fold 2/10, epoch 5/10, step 500/1,000, 2,481 examples/s, loss 0.4123,"
                + " 1 min 25 s left\n");
  }

  @Test
  void saysWhatIsDoneBeforeTraining() {
    Progress progress = progress(false, 80);

    progress.accept(new RunRecord.State(RunState.PREPARING, "reading train.npz"));
    progress.accept(new RunRecord.State(RunState.TRAINING, ""));
    progress.accept(new RunRecord.State(RunState.EVALUATING, ""));

    assertThat(written()).isEqualTo("reading train.npz\nevaluating\n");
  }

  @Test
  void tellsTroubleAboveTheBar() {
    Progress progress = progress(true, 160);
    progress.accept(start(1));
    nanoTime.addAndGet(SECOND_NS);
    progress.accept(step(1, 1, 50, 5));
    written();

    progress.accept(new RunRecord.Event("retry", "rank 1 is gone at step 50; again in 2 s"));
    progress.accept(new RunRecord.Event("slow", "rank 1 is 12 s behind\u001b[2J"));
    progress.accept(new RunRecord.Event("checkpoint trouble", "No space left\nand more"));
    progress.accept(new RunRecord.State(RunState.WAITING, "for the places of 2 workers"));
    progress.accept(new RunRecord.Event("waiting", "for the places of 2 workers"));
    progress.accept(new RunRecord.Event("waiting", "rank 0 has waited 15 s for rank 1"));
    progress.accept(new RunRecord.Event("skipped step", "step 51: the loss is NaN: rank 1"));
    progress.accept(new RunRecord.Event("clipped gradient", "step 52: 3 numbers were clipped"));
    progress.accept(new RunRecord.Event("training", "2 workers"));

    assertThat(written())
        .isEqualTo(
            """
            \r\u001b[Kretry: rank 1 is gone at step 50; again in 2 s
            slow: rank 1 is 12 s behind?[2J
            checkpoint trouble: No space left
            waiting: for the places of 2 workers
            waiting: rank 0 has waited 15 s for rank 1
            skipped step: step 51: the loss is NaN: rank 1
            clipped gradient: step 52: 3 numbers were clipped
            """);
  }

  @Test
  void measuresThePaceOfARunThatGoesOnFromThere() {
    Progress progress = progress(false, 80);
    progress.expect(start(1));
    progress.accept(new RunRecord.Resume(1, 5, 400, 2));

    nanoTime.addAndGet(11 * SECOND_NS);
    progress.accept(step(1, 5, 401, 0.1));
    nanoTime.addAndGet(11 * SECOND_NS);
    progress.accept(step(1, 5, 411, 1.1));

    assertThat(written())
        .isEqualTo(
            """
            epoch 5/10, step 401/1,000, 2,481 examples/s, loss 0.4123
            epoch 5/10, step 411/1,000, 2,481 examples/s, loss 0.4123, 59 s left
            """);
  }
}
