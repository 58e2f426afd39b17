package dev.zone.jobs.update;

import dev.zone.jobs.engine.Batch;
import dev.zone.jobs.model.InputLayout;
import dev.zone.jobs.model.NetworkConfiguration;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/** Random examples that fit a configuration, as our batches and as DL4J's data sets. */
public final class Examples {
  /** How targets look. */
  public enum Targets {
    ONE_HOT,
    ZERO_ONE,
    NUMBERS
  }

  private final NetworkConfiguration configuration;
  private final float[][] inputs;
  private final float[] targets;
  private final Optional<float[]> weights;
  private final int outputs;

  public Examples(
      NetworkConfiguration configuration, int size, Targets kind, boolean weighted, long seed) {
    this.configuration = configuration;
    this.outputs = configuration.outputs();
    Random random = new Random(seed);
    inputs = new float[configuration.inputs().size()][];
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = new float[size * configuration.inputs().get(i).elements()];
      for (int j = 0; j < inputs[i].length; j++) {
        inputs[i][j] = (float) random.nextGaussian();
      }
    }
    targets = new float[size * outputs];
    for (int example = 0; example < size; example++) {
      if (kind == Targets.ONE_HOT) {
        targets[example * outputs + random.nextInt(outputs)] = 1;
        continue;
      }
      for (int i = 0; i < outputs; i++) {
        targets[example * outputs + i] =
            kind == Targets.ZERO_ONE ? random.nextInt(2) : (float) random.nextGaussian();
      }
    }
    weights = weighted ? Optional.of(new float[size]) : Optional.empty();
    weights.ifPresent(
        values -> {
          for (int i = 0; i < size; i++) {
            values[i] = 0.25f + 2 * random.nextFloat();
          }
        });
  }

  public static FloatBuffer direct(float[] values, int from, int length) {
    FloatBuffer buffer =
        ByteBuffer.allocateDirect(4 * length).order(ByteOrder.nativeOrder()).asFloatBuffer();
    return buffer.put(0, values, from, length);
  }

  /** Examples from to to, exclusive. */
  public Batch batch(int from, int to) {
    int size = to - from;
    List<FloatBuffer> buffers = new ArrayList<>();
    for (int i = 0; i < inputs.length; i++) {
      int elements = configuration.inputs().get(i).elements();
      buffers.add(direct(inputs[i], from * elements, size * elements));
    }
    return new Batch(
        size,
        buffers,
        direct(targets, from * outputs, size * outputs),
        weights.map(values -> direct(values, from, size)));
  }

  /** The same examples for DL4J's own {@code fit}. */
  public MultiDataSet dataSet(int from, int to) {
    int size = to - from;
    INDArray[] features = new INDArray[inputs.length];
    for (int i = 0; i < inputs.length; i++) {
      InputLayout layout = configuration.inputs().get(i);
      int elements = layout.elements();
      long[] shape = new long[layout.shape().size() + 1];
      shape[0] = size;
      for (int j = 1; j < shape.length; j++) {
        shape[j] = layout.shape().get(j - 1);
      }
      float[] part = new float[size * elements];
      System.arraycopy(inputs[i], from * elements, part, 0, part.length);
      INDArray array = Nd4j.createFromArray(part).reshape('c', shape);
      features[i] =
          switch (layout.axes()) {
            case AS_IS -> array;
            case FLAT -> array.reshape('c', size, elements);
            case CHANNELS_LAST ->
                shape.length == 3
                    ? array.permute(0, 2, 1).dup('c')
                    : array.permute(0, 2, 3, 1).dup('c');
          };
    }
    float[] part = new float[size * outputs];
    System.arraycopy(targets, from * outputs, part, 0, part.length);
    INDArray labels = Nd4j.createFromArray(part).reshape('c', size, outputs);
    INDArray[] masks =
        weights
            .map(
                values -> {
                  float[] own = new float[size];
                  System.arraycopy(values, from, own, 0, size);
                  return new INDArray[] {Nd4j.createFromArray(own).reshape('c', size, 1)};
                })
            .orElse(null);
    return new MultiDataSet(features, new INDArray[] {labels}, null, masks);
  }
}
