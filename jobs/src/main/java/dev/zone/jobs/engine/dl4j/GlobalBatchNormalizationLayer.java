package dev.zone.jobs.engine.dl4j;

import dev.zone.jobs.engine.Sums;
import dev.zone.jobs.engine.graph.Operation.Normalization.Settings;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.normalization.BatchNormalization;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Batch normalisation (Ioffe and Szegedy, 2015, algorithm 1) with mean and variance over the
 * examples of all ranks. In inference it is DL4J's own.
 *
 * <p>With n values of a channel over all ranks, x̂ = (x - μ) / σ, and dy the derivative by the
 * output: μ = Σx / n, σ² = Σ(x - μ)² / n + ε, y = γ x̂ + β, and dx = γ / σ · (dy - Σdy / n - x̂ ·
 * Σ(dy x̂) / n), every sum over all ranks. That takes three exchanges: examples and Σx; Σ(x - μ)²,
 * which a difference of squares would lose to rounding; Σdy and Σ(dy x̂). The derivatives by γ and
 * β stay this rank's parts, because gradients are summed later anyway.
 *
 * <p>Sums are taken in double precision in the order of the values, so that they depend on nothing
 * but the values; they travel in single precision.
 */
final class GlobalBatchNormalizationLayer extends BatchNormalization {
  private static final long serialVersionUID = 1L;

  private transient Sums sums =
      values -> {
        throw new IllegalStateException(
            "Cannot normalise by the global batch: not connected (expected a layer of its own)");
      };
  private transient boolean absent;
  private transient FloatBuffer exchanged = direct(0);
  private transient Scratch scratch = new Scratch();
  private transient double[] mean = new double[0];
  private transient double[] variance = new double[0];
  private transient double count;

  GlobalBatchNormalizationLayer(NeuralNetConfiguration conf, DataType type) {
    super(conf, type);
  }

  /**
   * @param common working memory of all layers of a network, which work one after the other
   */
  void connect(Sums own, Scratch common) {
    sums = own;
    scratch = common;
  }

  /** Values of a layer's input, and of the errors that come back. */
  static final class Scratch {
    private float[] values = new float[0];
    private float[] errors = new float[0];

    float[] values(int size) {
      values = values.length < size ? new float[size] : values;
      return values;
    }

    float[] errors(int size) {
      errors = errors.length < size ? new float[size] : errors;
      return errors;
    }
  }

  /** Whether what passes through is nobody's example, and adds nothing to any sum. */
  void setAbsent(boolean is) {
    absent = is;
  }

  @Override
  public INDArray preOutput(INDArray x, TrainingMode training, LayerWorkspaceMgr workspaces) {
    if (training != TrainingMode.TRAIN) {
      return super.preOutput(x, training, workspaces);
    }
    Channels channels = Channels.of(x, layerConf().getCnn2DFormat());
    int width = channels.channels();
    float[] values = scratch.values(channels.size());
    channels.read(x, values);
    shareMoments(channels, values, x.size(0));
    double[] factors = numbers(BatchNormalizationParamInitializer.GAMMA);
    double[] shifts = numbers(BatchNormalizationParamInitializer.BETA);
    for (int k = 0; k < width; k++) {
      factors[k] /= deviation(k);
      shifts[k] -= factors[k] * mean[k];
    }
    channels.combine(values, factors, values, new double[width], shifts);
    return written(values, x, ArrayType.ACTIVATIONS, workspaces);
  }

  /** Finds mean and variance of each channel over all ranks. */
  private void shareMoments(Channels channels, float[] values, long examples) {
    int width = channels.channels();
    double[] totals = new double[width];
    channels.addUp(values, new double[width], false, totals);
    // A float holds the number of examples exactly, but perhaps not that of values.
    double[] all = share(append(totals, examples));
    count = all[width] * channels.perChannel() / examples;
    mean = Arrays.copyOf(all, width);
    for (int k = 0; k < width; k++) {
      mean[k] /= count;
    }
    double[] squares = new double[width];
    channels.addUp(values, mean, true, squares);
    variance = share(squares);
    for (int k = 0; k < width; k++) {
      variance[k] /= count;
    }
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
    assertInputSet(true);
    Channels channels = Channels.of(epsilon, layerConf().getCnn2DFormat());
    int width = channels.channels();
    float[] values = scratch.values(channels.size());
    float[] errors = scratch.errors(channels.size());
    channels.read(input, values);
    channels.read(epsilon, errors);
    double[] none = new double[width];
    double[] shiftGradient = new double[width];
    channels.addUp(errors, none, false, shiftGradient);
    double[] scaleGradient = new double[width];
    channels.addUpProducts(values, mean, errors, scaleGradient);
    for (int k = 0; k < width; k++) {
      scaleGradient[k] /= deviation(k);
    }
    double[] all = share(append(shiftGradient, scaleGradient));
    double[] errorFactors = numbers(BatchNormalizationParamInitializer.GAMMA);
    double[] valueFactors = new double[width];
    double[] addends = new double[width];
    for (int k = 0; k < width; k++) {
      errorFactors[k] /= deviation(k);
      valueFactors[k] = -errorFactors[k] * all[width + k] / count / deviation(k);
      addends[k] = -errorFactors[k] * all[k] / count - valueFactors[k] * mean[k];
    }
    channels.combine(errors, errorFactors, values, valueFactors, addends);
    INDArray back = written(errors, epsilon, ArrayType.ACTIVATION_GRAD, workspaces);
    return new Pair<>(gradient(scaleGradient, shiftGradient), back);
  }

  private Gradient gradient(double[] scaleGradient, double[] shiftGradient) {
    Gradient gradient = new DefaultGradient();
    put(gradient, BatchNormalizationParamInitializer.GAMMA, scaleGradient);
    put(gradient, BatchNormalizationParamInitializer.BETA, shiftGradient);
    int width = mean.length;
    boolean logarithms = layerConf().isUseLogStd();
    Settings settings =
        new Settings(layerConf().getEps(), layerConf().getDecay(), logarithms, false, false);
    double[] meanChange = numbers(BatchNormalizationParamInitializer.GLOBAL_MEAN);
    for (int k = 0; k < width; k++) {
      meanChange[k] = settings.meanChange(meanChange[k], mean[k]);
    }
    put(gradient, BatchNormalizationParamInitializer.GLOBAL_MEAN, meanChange);
    String name =
        logarithms
            ? BatchNormalizationParamInitializer.GLOBAL_LOG_STD
            : BatchNormalizationParamInitializer.GLOBAL_VAR;
    double[] change = numbers(name);
    for (int k = 0; k < width; k++) {
      change[k] = settings.deviationChange(change[k], variance[k]);
    }
    put(gradient, name, change);
    return gradient;
  }

  private void put(Gradient gradient, String name, double[] numbers) {
    INDArray view = gradientViews.get(name);
    FloatBuffer into = HostMemory.view(view);
    for (int k = 0; k < numbers.length; k++) {
      into.put(k, (float) numbers[k]);
    }
    HostMemory.changed(view);
    gradient.setGradientFor(name, view);
  }

  private double deviation(int channel) {
    return Math.sqrt(variance[channel] + layerConf().getEps());
  }

  /** A copy of a parameter. */
  private double[] numbers(String name) {
    FloatBuffer live = HostMemory.view(getParam(name));
    double[] numbers = new double[live.limit()];
    for (int k = 0; k < numbers.length; k++) {
      numbers[k] = live.get(k);
    }
    return numbers;
  }

  /** Sums over all ranks; this one's are 0 if it is absent. */
  private double[] share(double[] own) {
    if (exchanged.capacity() < own.length) {
      exchanged = direct(own.length);
    }
    exchanged.clear().limit(own.length);
    for (int i = 0; i < own.length; i++) {
      exchanged.put(i, absent ? 0 : (float) own[i]);
    }
    sums.sum(exchanged);
    double[] all = new double[own.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = exchanged.get(i);
    }
    return all;
  }

  private static INDArray written(
      float[] values, INDArray like, ArrayType type, LayerWorkspaceMgr workspaces) {
    INDArray array = workspaces.createUninitialized(type, DataType.FLOAT, like.shape(), 'c');
    HostMemory.view(array).put(0, values, 0, Math.toIntExact(array.length()));
    HostMemory.changed(array);
    return array;
  }

  private static double[] append(double[] numbers, double... more) {
    double[] both = Arrays.copyOf(numbers, numbers.length + more.length);
    System.arraycopy(more, 0, both, numbers.length, more.length);
    return both;
  }

  private static FloatBuffer direct(int floats) {
    return ByteBuffer.allocateDirect(floats * Float.BYTES)
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }
}
