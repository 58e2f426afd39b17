package dev.zone.jobs.engine;

import dev.zone.jobs.window.Segment;
import dev.zone.jobs.window.StepTargets;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * Computes, for given flat parameters and a local batch, the loss and the flat gradient; and
 * outputs, for evaluation. Confined to the thread that made it.
 *
 * <p>Parameters and gradient are flat vectors in DL4J's layout, direct and in native byte order;
 * the same buffers live as long as the engine, and a change of {@link #parameters()} is seen by the
 * next call.
 */
public interface Engine extends AutoCloseable {
  /** For people and records: {@code dl4j}. */
  String name();

  /** The live parameters, float32 [n]. */
  FloatBuffer parameters();

  /**
   * What the last {@link #computeGradient} left, float32 [n]; may be changed in place by the
   * caller.
   */
  FloatBuffer gradient();

  /**
   * Fills {@link #gradient()} with the <em>sum</em> over the batch's examples, and over the piece's
   * steps if each has a target, of the loss's gradient, without regularisation. Entries that no
   * loss drives (batch normalisation's running statistics) hold their change times the number of
   * examples, so that sum over ranks divided by the global number of examples is right for every
   * entry.
   *
   * <p>Recurrent layers begin piece 0 without state, and others with the state that {@link
   * #carryState} last left; until that is called again, any number of gradients of the piece can be
   * computed.
   *
   * @param segment one of {@link #targets()}
   * @param seed of whatever the step draws (dropout); the same seed gives the same gradient
   * @return sum over the examples of the loss, without penalties of the weights
   */
  double computeGradient(Batch batch, Segment segment, long seed);

  /** The same for all steps at once. */
  default double computeGradient(Batch batch, long seed) {
    return computeGradient(batch, targets().whole(), seed);
  }

  /**
   * The next piece begins with the state in which the last {@link #computeGradient} left recurrent
   * layers; no gradient flows back over it.
   */
  void carryState();

  /**
   * Takes part in a step of which this rank has no example: exchanges with the other ranks whatever
   * their {@link #computeGradient} does, and leaves a gradient of zeros.
   */
  void computeNothing();

  /**
   * Computes the output layer's activations in inference mode.
   *
   * @param outputs receives [size, outputs] from index 0 on, or [size, outputs, steps] if each step
   *     has a target
   */
  void predict(Batch batch, FloatBuffer outputs);

  /**
   * How many examples are best predicted at once; memory for them stays.
   *
   * @param batch examples of a training step
   */
  default int predictionBatch(int batch) {
    return Math.max(batch, 256);
  }

  /** Width of the output layer. */
  int outputs();

  /** Whether each step of a window has a target, and in which pieces they are learned. */
  StepTargets targets();

  /** Names of the layers, in the order of the forward pass; for messages. */
  List<String> layers();

  /**
   * The layer that a number of the flat vectors belongs to.
   *
   * @return index into {@link #layers()}
   */
  int layerOf(int parameter);

  /**
   * The first layer, in inference mode, whose output holds a number that is not finite.
   *
   * @return index into {@link #layers()}; -1 if there is none
   */
  int firstNonFiniteLayer(Batch batch);

  @Override
  void close();
}
