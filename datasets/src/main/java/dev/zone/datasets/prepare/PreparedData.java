package dev.zone.datasets.prepare;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.zone.conf.SplitSpec.Split;
import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.ExampleSet;
import dev.zone.datasets.PreparedManifest;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A folder of prepared examples, memory-mapped; any number of processes may have it open.
 *
 * <pre>
 * manifest.json     what it is: {@link PreparedManifest}
 * transforms.json   fitted transforms and class names: what prediction needs
 * origins.json      where examples come from
 * train.input0.npy  float32 [examples, shape…], one file a model input; likewise validation, test
 * train.target.npy  float32 [examples, targets], or [examples, steps, targets] with one each step
 * train.padding.npy float32 [examples, 1]: steps after each example's rows, if an input is masked
 * train.origin.bin  source and row of each example
 * </pre>
 */
public final class PreparedData {
  static final String MANIFEST = "manifest.json";
  static final String TRANSFORMS = "transforms.json";

  private final Path folder;
  private final PreparedManifest manifest;
  private final Map<Split, ExampleSet> examples;

  private PreparedData(Path folder, PreparedManifest manifest, Map<Split, ExampleSet> examples) {
    this.folder = folder;
    this.manifest = manifest;
    this.examples = examples;
  }

  /**
   * @param folder as {@link Preparer} left it
   * @throws ZoneException of kind ENVIRONMENT if it is not there or not whole
   */
  public static PreparedData open(Path folder) {
    try {
      PreparedManifest manifest =
          new Gson().fromJson(Files.readString(folder.resolve(MANIFEST)), PreparedManifest.class);
      Map<Split, ExampleSet> examples = new EnumMap<>(Split.class);
      for (Map.Entry<Split, Integer> each : manifest.counts().entrySet()) {
        examples.put(each.getKey(), Mapped.open(folder, manifest, each.getKey(), each.getValue()));
      }
      return new PreparedData(folder, manifest, examples);
    } catch (IOException | JsonParseException | NullPointerException e) {
      throw new ZoneException(
          ErrorKind.ENVIRONMENT,
          "Cannot open prepared data %s: %s".formatted(folder, e.getMessage()),
          e);
    }
  }

  public Path folder() {
    return folder;
  }

  public PreparedManifest manifest() {
    return manifest;
  }

  /** Empty if the split has none. */
  public Optional<ExampleSet> examples(Split split) {
    return Optional.ofNullable(examples.get(split));
  }

  /**
   * The fitted transforms, classes and whatever else turns a dataset's row into a model's input.
   *
   * @throws ZoneException of kind ENVIRONMENT if they cannot be read
   */
  public JsonObject transforms() {
    Path file = folder.resolve(TRANSFORMS);
    try {
      return JsonParser.parseString(Files.readString(file)).getAsJsonObject();
    } catch (IOException | JsonParseException | IllegalStateException e) {
      throw FloatArray.broken(file, "no transforms");
    }
  }

  static String inputFile(Split split, int input) {
    return name(split) + ".input" + input + ".npy";
  }

  static String targetFile(Split split) {
    return name(split) + ".target.npy";
  }

  static String paddingFile(Split split) {
    return name(split) + ".padding.npy";
  }

  static String originFile(Split split) {
    return name(split) + ".origin.bin";
  }

  private static String name(Split split) {
    return split.name().toLowerCase(Locale.ROOT);
  }

  private record Mapped(
      int size,
      List<FloatArray> inputs,
      FloatArray targets,
      Optional<Padding> padding,
      OriginFiles.Mapped origins)
      implements ExampleSet {
    static Mapped open(Path folder, PreparedManifest manifest, Split split, int size)
        throws IOException {
      List<FloatArray> inputs = new ArrayList<>();
      for (int i = 0; i < manifest.inputs().size(); i++) {
        inputs.add(
            FloatArray.map(
                folder.resolve(inputFile(split, i)), size, manifest.inputs().get(i).elements()));
      }
      return new Mapped(
          size,
          inputs,
          FloatArray.map(
              folder.resolve(targetFile(split)),
              size,
              Math.multiplyExact(manifest.targetSteps(), manifest.targetWidth())),
          Padding.map(folder, manifest, split, size),
          OriginFiles.Mapped.map(folder, originFile(split), size));
    }

    @Override
    public void copyInput(int example, int input, FloatBuffer into) {
      inputs.get(input).copy(example, into);
    }

    @Override
    public void copyTarget(int example, FloatBuffer into) {
      targets.copy(example, into);
    }

    @Override
    public int paddedSteps(int example) {
      return padding.map(steps -> steps.of(example)).orElse(0);
    }

    @Override
    public String origin(int example) {
      return origins.text(example);
    }
  }

  /**
   * @param length steps of a window
   */
  private record Padding(Path file, FloatArray steps, int length) {
    static Optional<Padding> map(Path folder, PreparedManifest manifest, Split split, int size)
        throws IOException {
      Optional<PreparedManifest.Input> masked =
          manifest.inputs().stream().filter(PreparedManifest.Input::masked).findFirst();
      if (masked.isEmpty()) {
        return Optional.empty();
      }
      Path file = folder.resolve(paddingFile(split));
      List<Integer> shape = masked.get().shape();
      return Optional.of(
          new Padding(file, FloatArray.map(file, size, 1), shape.get(shape.size() - 1)));
    }

    int of(int example) {
      float padding = steps.first(example);
      if (!(padding >= 0 && padding < length)) {
        throw FloatArray.broken(file, padding + " padded steps of " + length);
      }
      return (int) padding;
    }
  }
}
