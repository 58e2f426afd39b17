package dev.zone.conf;

import dev.zone.conf.yaml.ByKey;
import dev.zone.conf.yaml.Choice;
import dev.zone.conf.yaml.Default;
import dev.zone.conf.yaml.Doc;
import dev.zone.conf.yaml.Named;
import dev.zone.conf.yaml.Range;
import dev.zone.conf.yaml.Size;
import java.util.List;
import java.util.Optional;

/**
 * The network: a named architecture with its parameters, or a file. Input and output sizes come
 * from data and task.
 */
@Choice(tag = "architecture")
@Doc("The network.")
public sealed interface ModelSpec
    permits ModelSpec.Mlp,
        ModelSpec.Cnn,
        ModelSpec.Resnet,
        ModelSpec.Cnn1d,
        ModelSpec.Lstm,
        ModelSpec.Bilstm,
        ModelSpec.Configuration,
        ModelSpec.Keras {
  @Named("mlp")
  @Doc("Dense layers. Any input is flattened.")
  record Mlp(
      @Doc("Units of each hidden layer; [] makes a linear model.")
          @Default("[128, 64]")
          @Range(min = 1, max = 65_536)
          List<Integer> hidden,
      @Doc("Activation of hidden layers.") @Default("relu") Activation activation,
      @Doc("Batch normalisation after each hidden layer.") @Default("false") boolean batchNorm,
      @Doc("Share of the hidden units' outputs set to 0 in training.")
          @Default("0")
          @Range(min = 0, max = 1, openMax = true)
          double dropout,
      @Doc("Share of the inputs set to 0 in training.")
          @Default("0")
          @Range(min = 0, max = 1, openMax = true)
          double inputDropout,
      @Doc("L1 penalty of the first layer's weights, over training.l1: chooses among the inputs.")
          @Default("0")
          @Range(min = 0)
          double inputL1)
      implements ModelSpec {
    public Mlp {
      hidden = List.copyOf(hidden);
    }
  }

  @Named("cnn")
  @Doc(
      "Blocks of 2-D convolutions, each followed by pooling by 2, then dense layers. Inputs are [channels, height, width].")
  record Cnn(
      @Doc("Filters of each block.")
          @Default("[16, 32, 64]")
          @Size(min = 1) @Range(min = 1, max = 4096)
          List<Integer> filters,
      @Doc("Convolutions in a block.") @Default("1") @Range(min = 1, max = 8) int convolutions,
      @Doc("Side of the kernels.") @Default("3") @Range(min = 1, max = 31) int kernel,
      @Doc("Batch normalisation after each convolution.") @Default("false") boolean batchNorm,
      @Doc("Activation.") @Default("relu") Activation activation,
      @Doc("How blocks shrink: max, average.") @Default("max") Pooling pooling,
      @Doc("What joins convolutions and dense layers: flatten, average or max over the image.")
          @Default("flatten")
          Joint joint,
      @Doc("Units of each dense layer.") @Default("[128]") @Range(min = 1, max = 65_536)
          List<Integer> dense,
      @Doc("Dropout after blocks.") @Default("0") @Range(min = 0, max = 1, openMax = true)
          double blockDropout,
      @Doc("Dropout before each dense and the output layer.")
          @Default("0")
          @Range(min = 0, max = 1, openMax = true)
          double dropout,
      @Doc(
              "A convolution before the blocks that shrinks the image at once, where pixels are many and cheap to lose.")
          Optional<Stem> stem,
      @Doc("Pooling of each block, 1 for none; 2 for every block if not given.")
          @Range(min = 1, max = 8)
          Optional<List<Integer>> pools)
      implements ModelSpec {
    public Cnn {
      pools = pools.map(List::copyOf);
      filters = List.copyOf(filters);
      dense = List.copyOf(dense);
    }
  }

  @Named("resnet")
  @Doc(
      "Residual blocks of two 3x3 convolutions with batch normalisation; each stage after the first halves the image; average pooling at the end.")
  record Resnet(
      @Doc("Filters of each stage.")
          @Default("[16, 32, 64]")
          @Size(min = 1) @Range(min = 1, max = 4096)
          List<Integer> filters,
      @Doc("Blocks in a stage.") @Default("1") @Range(min = 1, max = 50) int blocks,
      @Doc("Step of the first convolution, 2 halves the image at once.")
          @Default("1")
          @Range(min = 1, max = 4)
          int stemStride,
      @Doc("Dropout before the output layer.")
          @Default("0")
          @Range(min = 0, max = 1, openMax = true)
          double dropout)
      implements ModelSpec {
    public Resnet {
      filters = List.copyOf(filters);
    }
  }

  @Named("cnn1d")
  @Doc("1-D convolutions over windows [columns, length], then dense layers.")
  record Cnn1d(
      @Doc("Filters of each layer.") @Default("[32, 32]") @Size(min = 1) @Range(min = 1, max = 4096)
          List<Integer> filters,
      @Doc("Length of the kernels.") @Default("5") @Range(min = 1, max = 255) int kernel,
      @Doc("Max pooling by this after each layer; 1 for none.")
          @Default("1")
          @Range(min = 1, max = 64)
          int pool,
      @Doc("Activation.") @Default("relu") Activation activation,
      @Doc("What joins convolutions and dense layers: flatten, average or max over time.")
          @Default("flatten")
          Joint joint,
      @Doc("Units of each dense layer.") @Default("[64]") @Range(min = 1, max = 65_536)
          List<Integer> dense,
      @Doc("Dropout before each dense and the output layer.")
          @Default("0")
          @Range(min = 0, max = 1, openMax = true)
          double dropout)
      implements ModelSpec {
    public Cnn1d {
      filters = List.copyOf(filters);
      dense = List.copyOf(dense);
    }
  }

  @Named("lstm")
  @Doc("LSTM layers over windows [columns, length]; the last step goes to dense layers.")
  record Lstm(
      @Doc("Units of each LSTM layer.") @Default("[64]") @Size(min = 1) @Range(min = 1, max = 8192)
          List<Integer> units,
      @Doc("Units of each dense layer.") @Default("[]") @Range(min = 1, max = 65_536)
          List<Integer> dense,
      @Doc("Dropout before each layer but the first.")
          @Default("0")
          @Range(min = 0, max = 1, openMax = true)
          double dropout)
      implements ModelSpec {
    public Lstm {
      units = List.copyOf(units);
      dense = List.copyOf(dense);
    }
  }

  @Named("bilstm")
  @Doc("As lstm, each LSTM layer reading both ways (outputs concatenated).")
  record Bilstm(
      @Doc("Units of each LSTM layer, each way.")
          @Default("[64]")
          @Size(min = 1) @Range(min = 1, max = 8192)
          List<Integer> units,
      @Doc("Units of each dense layer.") @Default("[]") @Range(min = 1, max = 65_536)
          List<Integer> dense,
      @Doc("Dropout before each layer but the first.")
          @Default("0")
          @Range(min = 0, max = 1, openMax = true)
          double dropout)
      implements ModelSpec {
    public Bilstm {
      units = List.copyOf(units);
      dense = List.copyOf(dense);
    }
  }

  @ByKey("configuration")
  @Doc(
      "A DL4J configuration (MultiLayerConfiguration or ComputationGraphConfiguration) as JSON or YAML.")
  record Configuration(
      @Doc("The file, beside the job file or below its folder.") String configuration)
      implements ModelSpec {
    @Override
    public Optional<String> file() {
      return Optional.of(configuration);
    }
  }

  @ByKey("keras")
  @Doc("A Keras model, .h5 or JSON, through DL4J's import.")
  record Keras(
      @Doc("The file, beside the job file or below its folder.") String keras,
      @Doc("Keep the file's weights (h5) as the start.") @Default("false") boolean weights)
      implements ModelSpec {
    @Override
    public Optional<String> file() {
      return Optional.of(keras);
    }
  }

  @Doc("A convolution that shrinks the image.")
  record Stem(
      @Doc("Filters.") @Range(min = 1, max = 4096) int filters,
      @Doc("Side of the kernels.") @Default("3") @Range(min = 1, max = 31) int kernel,
      @Doc("Step, which divides the image's sides.") @Default("2") @Range(min = 1, max = 8)
          int stride) {}

  enum Activation {
    RELU,
    LEAKYRELU,
    ELU,
    SELU,
    GELU,
    SWISH,
    TANH,
    SIGMOID,
    SOFTPLUS
  }

  enum Pooling {
    MAX,
    AVERAGE
  }

  enum Joint {
    FLATTEN,
    AVERAGE,
    MAX
  }

  /** The file that this model comes from, as the job names it. */
  default Optional<String> file() {
    return Optional.empty();
  }
}
