package dev.zone.jobs.update;

import java.nio.FloatBuffer;

/** The optimizer step, the same on every rank. Confined to the engine's thread. */
public interface Update {
  /**
   * Says which step comes, before its gradient is computed: what changes with steps or epochs in
   * the forward pass, such as a schedule of dropout, sees these.
   *
   * @param step optimizer steps done before, over the whole training
   * @param epoch epochs done before
   */
  void begin(int step, int epoch);

  /**
   * Turns the summed gradient into the change of the parameters and applies it: division by the
   * number of examples, clipping, L1 and L2, updater with schedule, weight decay, constraints; in
   * DL4J's order.
   *
   * @param examples of the global batch
   * @param step optimizer steps done before, over the whole training
   * @param epoch epochs done before
   */
  void apply(int examples, int step, int epoch);

  /** The learning rate that {@link #apply} uses at this step. */
  double learningRate(int step, int epoch);

  /**
   * The updater's live state, float32, flat; of length 0 if it has none. A change is seen by the
   * next {@link #apply}.
   */
  FloatBuffer state();
}
