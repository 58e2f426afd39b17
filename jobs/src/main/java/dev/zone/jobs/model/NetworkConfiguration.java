package dev.zone.jobs.model;

import dev.zone.jobs.window.StepTargets;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * A network as DL4J builds it, checked and complete: values only, so that a plan can carry it to
 * every worker.
 *
 * @param kind what the JSON describes
 * @param json DL4J's own configuration, trusted from here on
 * @param inputs how each input's prepared values become an array, in the network's order
 * @param outputs width of the output layer
 * @param targets whether it puts out every step of a window, and in which pieces it learns them
 * @param layers in the order of the parameters
 * @param parameters learnt numbers
 * @param size what the network needs in memory
 * @param start where a training starts
 * @param notes what the user should know, such as settings of a file that the job replaces
 */
public record NetworkConfiguration(
    Kind kind,
    String json,
    List<InputLayout> inputs,
    int outputs,
    StepTargets targets,
    List<LayerSummary> layers,
    long parameters,
    Size size,
    StartParameters start,
    List<String> notes)
    implements Serializable {
  public NetworkConfiguration {
    inputs = List.copyOf(inputs);
    layers = List.copyOf(layers);
    notes = List.copyOf(notes);
  }

  /** The same network with another start. */
  NetworkConfiguration startingFrom(StartParameters other) {
    return new NetworkConfiguration(
        kind, json, inputs, outputs, targets, layers, parameters, size, other, notes);
  }

  /** The same network with something more for the user to know. */
  public NetworkConfiguration noting(String note) {
    List<String> more = new ArrayList<>(notes);
    more.add(note);
    return new NetworkConfiguration(
        kind, json, inputs, outputs, targets, layers, parameters, size, start, more);
  }

  /** The two kinds of networks DL4J has. */
  public enum Kind {
    /** A MultiLayerConfiguration: one layer after the other. */
    LAYERS,
    /** A ComputationGraphConfiguration. */
    GRAPH
  }

  /**
   * Numbers (of 4 bytes) that a worker keeps.
   *
   * @param updaterState numbers of the updater's state
   * @param kept numbers an example keeps from the forward to the backward pass
   * @param working numbers an example needs in the widest single layer, over what is kept
   */
  public record Size(long updaterState, long kept, long working) implements Serializable {}

  /**
   * An estimate of the native memory in bytes that training takes in one worker: parameters,
   * gradient, one more copy (best model or average), updater state, and for each example what the
   * layers keep for the backward pass and work in. ND4J's workspaces hold that for as long as the
   * worker trains; on small networks of every architecture they came to between 0.3 (with oneDNN)
   * and 1.4 (without) of this estimate.
   *
   * @param localBatch examples of one worker in a step
   */
  public long memoryBytes(int localBatch) {
    long perExample = size.kept + size.kept / 2 + 4 * size.working;
    return 4 * (3 * parameters + size.updaterState + perExample * localBatch);
  }

  /**
   * The same for the compiled engine: its plans for the usual and the last batch keep values and
   * gradients of all layers, those that predict values alone, and each has its weights in blocks
   * too, for both directions and the gradient where it trains.
   *
   * @param localBatch examples of one worker in a step
   * @param predicted examples that are predicted at once
   */
  public long compiledBytes(int localBatch, int predicted) {
    long training = 2 * (2 * size.kept * localBatch + 3 * parameters);
    long predicting = 2 * (size.kept * predicted + parameters);
    return 4 * (3 * parameters + size.updaterState + training + predicting);
  }
}
