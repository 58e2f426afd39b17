package dev.zone.jobs.update;

import dev.zone.jobs.engine.dl4j.Dl4jNetwork;
import dev.zone.jobs.engine.dl4j.HostMemory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import org.deeplearning4j.nn.api.Trainable;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.memory.enums.AllocationPolicy;
import org.nd4j.linalg.api.memory.enums.LearningPolicy;
import org.nd4j.linalg.api.memory.enums.ResetPolicy;
import org.nd4j.linalg.api.memory.enums.SpillPolicy;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * The optimizer step as {@code MultiLayerNetwork.fit} does it after the backward pass: DL4J's own
 * updater on the summed gradient of the global batch. The same inputs give the same bits on every
 * rank.
 */
public final class Dl4jUpdate implements Update {
  private final Dl4jNetwork network;
  private final BaseMultiLayerUpdater<?> updater;
  private final Gradient gradient;
  private final INDArray flatGradient;
  private final INDArray flatParameters;
  private final LayerWorkspaceMgr workspaces;
  private final FloatBuffer gradientValues;
  private final List<int[]> undriven;
  private final FloatBuffer state;
  private final List<IUpdater> configured;

  public Dl4jUpdate(Dl4jNetwork network) {
    this.network = network;
    this.updater = network.newUpdater();
    this.flatGradient = network.gradient().reshape(network.gradient().length());
    this.flatParameters = network.parameters().reshape(network.parameters().length());
    this.gradient = gradientOf(network);
    this.gradientValues = HostMemory.view(network.gradient());
    this.undriven = network.undrivenRanges();
    this.workspaces = workspaces();
    INDArray stateView = updater.getStateViewArray();
    this.state =
        stateView == null
            ? ByteBuffer.allocateDirect(0).order(ByteOrder.nativeOrder()).asFloatBuffer()
            : HostMemory.view(stateView);
    this.configured =
        network.trainables().stream()
            .filter(trainable -> trainable.numParams() > 0)
            .flatMap(
                trainable ->
                    trainable.paramTable(false).keySet().stream()
                        .map(trainable.getConfig()::getUpdaterByParam))
            .filter(IUpdater::hasLearningRate)
            .limit(1)
            .toList();
  }

  /**
   * The flat gradient under DL4J's names, which clipping goes by. Made once: unlike the one that
   * the backward pass leaves, it is there before the first, and whatever engine filled the vector.
   */
  private static Gradient gradientOf(Dl4jNetwork network) {
    Gradient gradient = new DefaultGradient(network.gradient());
    INDArray flat = network.gradient().reshape(network.gradient().length());
    long offset = 0;
    List<Trainable> trainables = network.trainables();
    for (int i = 0; i < trainables.size(); i++) {
      for (var parameter : trainables.get(i).paramTable(false).entrySet()) {
        long length = parameter.getValue().length();
        gradient
            .gradientForVariable()
            .put(
                network.keyOf(i) + "_" + parameter.getKey(),
                flat.get(NDArrayIndex.interval(offset, offset + length)));
        offset += length;
      }
    }
    return gradient;
  }

  private static LayerWorkspaceMgr workspaces() {
    return LayerWorkspaceMgr.builder()
        .with(
            ArrayType.UPDATER_WORKING_MEM,
            "ZONE_UPDATER",
            WorkspaceConfiguration.builder()
                .initialSize(0)
                .overallocationLimit(0.05)
                .policyLearning(LearningPolicy.FIRST_LOOP)
                .policyReset(ResetPolicy.BLOCK_LEFT)
                .policySpill(SpillPolicy.REALLOCATE)
                .policyAllocation(AllocationPolicy.OVERALLOCATE)
                .build())
        .build();
  }

  @Override
  public void begin(int step, int epoch) {
    network.setCounts(step, epoch);
  }

  @Override
  public void apply(int examples, int step, int epoch) {
    // DL4J takes the change of running statistics as it is; here it is a sum like the rest.
    for (int[] range : undriven) {
      for (int i = range[0]; i < range[1]; i++) {
        gradientValues.put(i, gradientValues.get(i) / examples);
      }
    }
    HostMemory.changed(flatGradient);
    HostMemory.changed(flatParameters);
    INDArray stateView = updater.getStateViewArray();
    if (stateView != null) {
      HostMemory.changed(stateView);
    }
    updater.update(gradient, step, epoch, examples, workspaces);
    flatParameters.subi(flatGradient);
    network.setCounts(step + 1, epoch);
    network.applyConstraints();
    HostMemory.fetch(flatParameters);
    if (stateView != null) {
      HostMemory.fetch(stateView);
    }
  }

  @Override
  public double learningRate(int step, int epoch) {
    return configured.isEmpty() ? 0 : configured.get(0).getLearningRate(step, epoch);
  }

  @Override
  public FloatBuffer state() {
    return state;
  }
}
