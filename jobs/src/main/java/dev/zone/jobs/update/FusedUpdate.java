package dev.zone.jobs.update;

import dev.zone.jobs.engine.dl4j.Dl4jNetwork;
import dev.zone.jobs.engine.dl4j.HostMemory;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.api.Trainable;
import org.deeplearning4j.nn.api.TrainingConfig;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.deeplearning4j.nn.updater.UpdaterBlock.ParamState;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.regularization.Regularization;

/**
 * The optimizer step in one pass over the flat vectors: each block of gradient, state and
 * parameters comes to the processor once, where DL4J's own updater goes over them for each
 * operation. Does what {@link Dl4jUpdate} does, with the same roundings except for sums of squares,
 * and keeps its state in the same places, so that either goes on with what the other left.
 *
 * <p>The gradient's numbers stay as they are.
 */
final class FusedUpdate implements Update {
  /** All arrays of a block together fit in the first-level cache of any processor of today. */
  private static final int BLOCK = 1024;

  private final Dl4jNetwork network;
  private final List<Rule> rules;
  private final List<Run> runs;
  private final List<Clipping> clippings;
  private final FloatBuffer gradient;
  private final FloatBuffer parameters;
  private final FloatBuffer state;

  /** Owns the memory of the state: what nobody holds, JavaCPP frees. */
  @SuppressWarnings("unused")
  private final BaseMultiLayerUpdater<?> owner;

  private final Optional<IUpdater> first;
  private final boolean perExample;
  private final float[] change = new float[BLOCK];
  private final float[] values = new float[BLOCK];

  /** As many as the rule with the most state has. */
  private final float[][] states = new float[3][BLOCK];

  /**
   * Neighbours in the flat vectors that are treated alike.
   *
   * @param from first of their numbers
   * @param to their end
   * @param stateFrom where the state of the first is
   * @param stateStride from one vector of state to the next
   * @param driven whether a loss drives them; others hold what is to be taken as it is
   * @param clipping of their gradient; null for none
   */
  private record Run(
      int from,
      int to,
      int stateFrom,
      int stateStride,
      Rule rule,
      List<Penalty> penalties,
      boolean driven,
      Clipping clipping) {}

  private FusedUpdate(Dl4jNetwork network, Compiler compiler, BaseMultiLayerUpdater<?> owner) {
    INDArray stateView = owner.getStateViewArray();
    this.owner = owner;
    this.network = network;
    this.rules = compiler.rules;
    this.runs = compiler.runs;
    this.clippings = compiler.clippings;
    this.gradient = HostMemory.view(network.gradient());
    this.parameters = HostMemory.view(network.parameters());
    this.state = stateView == null ? FloatBuffer.allocate(0) : HostMemory.view(stateView);
    this.first = rules.stream().map(Rule::updater).filter(IUpdater::hasLearningRate).findFirst();
    this.perExample = network.model().conf().isMiniBatch();
  }

  /**
   * The update of a network.
   *
   * @return empty if it needs something that only DL4J's own updater does: another updater, another
   *     regularisation, a device with a memory of its own
   */
  static Optional<FusedUpdate> of(Dl4jNetwork network) {
    if (!HostMemory.isShared()) {
      return Optional.empty();
    }
    BaseMultiLayerUpdater<?> updater = network.newUpdater();
    Compiler compiler = new Compiler();
    for (UpdaterBlock block : updater.getUpdaterBlocks()) {
      if (block.isPretrainUpdaterBlock() || !compiler.add(block)) {
        return Optional.empty();
      }
    }
    return Optional.of(new FusedUpdate(network, compiler, updater));
  }

  /** Makes runs of what DL4J's updater is made of. */
  private static final class Compiler {
    private final List<Rule> rules = new ArrayList<>();
    private final List<Run> runs = new ArrayList<>();
    private final List<Clipping> clippings = new ArrayList<>();
    private Trainable clipped;

    /** Whether all in it is known here. */
    boolean add(UpdaterBlock block) {
      // A block is what has one updater.
      Optional<Rule> rule = Rule.of(block.getGradientUpdater().getConfig());
      if (rule.isEmpty()) {
        return false;
      }
      rules.add(rule.get());
      for (ParamState parameter : block.getLayersAndVariablesInBlock()) {
        TrainingConfig config = parameter.getLayer().getConfig();
        Optional<List<Penalty>> penalties =
            penalties(config.getRegularizationByParam(parameter.getParamName()));
        if (penalties.isEmpty()) {
          return false;
        }
        runs.add(
            new Run(
                parameter.getParamOffsetStart(),
                parameter.getParamOffsetEnd(),
                block.getUpdaterViewOffsetStart()
                    + parameter.getParamOffsetStart()
                    - block.getParamOffsetStart(),
                block.getParamOffsetEnd() - block.getParamOffsetStart(),
                rule.get(),
                penalties.get(),
                parameter.getLayer().updaterDivideByMinibatch(parameter.getParamName()),
                clipping(parameter, config)));
      }
      return true;
    }

    private static Optional<List<Penalty>> penalties(List<Regularization> all) {
      List<Penalty> penalties = new ArrayList<>();
      for (Regularization one : all == null ? List.<Regularization>of() : all) {
        Optional<Penalty> penalty = Penalty.of(one);
        if (penalty.isEmpty()) {
          return Optional.empty();
        }
        penalties.add(penalty.get());
      }
      return Optional.of(penalties);
    }

    private Clipping clipping(ParamState parameter, TrainingConfig config) {
      GradientNormalization kind = config.getGradientNormalization();
      if (kind == null || kind == GradientNormalization.None) {
        return null;
      }
      Trainable layer = parameter.getLayer();
      if (!Clipping.isPerParameter(kind) && layer == clipped) {
        return clippings.get(clippings.size() - 1);
      }
      clipped = layer;
      int from = parameter.getParamOffsetStart();
      // A layer's parameters follow each other, and its first one comes here first.
      int to =
          Clipping.isPerParameter(kind)
              ? parameter.getParamOffsetEnd()
              : Math.toIntExact(from + layer.numParams());
      Clipping clipping = new Clipping(kind, config.getGradientNormalizationThreshold(), from, to);
      clippings.add(clipping);
      return clipping;
    }
  }

  @Override
  public void begin(int step, int epoch) {
    network.setCounts(step, epoch);
  }

  @Override
  public void apply(int examples, int step, int epoch) {
    for (Clipping clipping : clippings) {
      clipping.begin(gradient, perExample ? examples : 1, change);
    }
    rules.forEach(rule -> rule.begin(step, epoch));
    for (Run run : runs) {
      double rate = run.rule().learningRate();
      run.penalties().forEach(penalty -> penalty.begin(step, epoch, rate));
      float divisor = perExample || !run.driven() ? examples : 1;
      for (int from = run.from(); from < run.to(); from += BLOCK) {
        apply(run, from, Math.min(BLOCK, run.to() - from), divisor);
      }
    }
    network.setCounts(step + 1, epoch);
    network.applyConstraints();
  }

  private void apply(Run run, int from, int count, float divisor) {
    gradient.get(from, change, 0, count);
    parameters.get(from, values, 0, count);
    int stateFrom = run.stateFrom() + from - run.from();
    int kept = run.rule().states();
    for (int k = 0; k < kept; k++) {
      state.get(stateFrom + k * run.stateStride(), states[k], 0, count);
    }
    divide(change, divisor, count);
    if (run.clipping() != null) {
      run.clipping().apply(change, count);
    }
    addPenalties(run, true, count);
    run.rule().apply(change, states, count);
    addPenalties(run, false, count);
    subtract(values, change, count);
    for (int k = 0; k < kept; k++) {
      state.put(stateFrom + k * run.stateStride(), states[k], 0, count);
    }
    parameters.put(from, values, 0, count);
  }

  private void addPenalties(Run run, boolean before, int count) {
    for (Penalty penalty : run.penalties()) {
      if (penalty.isBefore() == before) {
        penalty.add(change, values, count);
      }
    }
  }

  private static void divide(float[] values, float divisor, int count) {
    for (int i = 0; i < count; i++) {
      values[i] /= divisor;
    }
  }

  private static void subtract(float[] values, float[] change, int count) {
    for (int i = 0; i < count; i++) {
      values[i] -= change[i];
    }
  }

  @Override
  public double learningRate(int step, int epoch) {
    return first.map(updater -> updater.getLearningRate(step, epoch)).orElse(0.0);
  }

  @Override
  public FloatBuffer state() {
    return state;
  }
}
