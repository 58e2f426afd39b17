package dev.zone.bench.contest;

import java.io.PrintStream;
import java.util.Locale;

/**
 * Tells on standard output how a contestant gets on, in lines that the measuring process reads:
 * {@code step <steps done> <milliseconds since 1970>} and in the end {@code loss <number>}.
 */
public final class Progress {
  private static final long BETWEEN_NANOS = 50_000_000;

  private final PrintStream out;
  private final int last;
  private long told;
  private boolean begun;

  /**
   * @param last the step after which the training is over
   */
  public Progress(PrintStream out, int last) {
    this.out = out;
    this.last = last;
  }

  /** After a step; the first and the last are told, and of those between one in 50 ms. */
  public void step(int done) {
    long now = System.nanoTime();
    if (begun && done != last && now - told < BETWEEN_NANOS) {
      return;
    }
    begun = true;
    told = now;
    out.printf(Locale.ROOT, "step %d %d%n", done, System.currentTimeMillis());
    out.flush();
  }

  /** The mean loss over the held-out examples after the last step. */
  public void loss(double loss) {
    out.printf(Locale.ROOT, "loss %.6f%n", loss);
    out.flush();
  }
}
