package dev.zone.conf;

import dev.zone.conf.ColumnSpec.Type;
import dev.zone.conf.yaml.YamlNames;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What must hold between the types of an input's columns and what is done to them. */
final class InputTypes {
  private final JobSpec job;
  private final InputSpec input;
  private final String path;
  private final Map<String, ColumnSpec> columns;
  private final Rules rules;

  /**
   * @param columns those that the input takes, patterns among them
   */
  InputTypes(
      JobSpec job, InputSpec input, String path, Map<String, ColumnSpec> columns, Rules rules) {
    this.job = job;
    this.input = input;
    this.path = path;
    this.columns = columns;
    this.rules = rules;
  }

  void check() {
    if (columns.isEmpty()) {
      return; // told already
    }
    String unreadable = names(Type.TEXT, Type.TIMESTAMP);
    if (!unreadable.isEmpty()) {
      rules.refuse(path, unreadable, "columns of numbers, categories or tensors");
      return;
    }
    boolean tensors = columns.values().stream().anyMatch(column -> column.type() == Type.TENSOR);
    if (tensors && columns.values().stream().anyMatch(column -> column.type() != Type.TENSOR)) {
      rules.refuse(path, names(Type.TENSOR) + " among others", "tensors in inputs of their own");
      return;
    }
    if (tensors) {
      checkTensors();
    } else {
      checkValues();
    }
  }

  private void checkTensors() {
    if (job.windows().isPresent()) {
      rules.refuse(path, names(Type.TENSOR), "no tensors, because the job cuts windows");
    }
    boolean images =
        columns.values().stream()
            .allMatch(column -> column.shape().map(shape -> shape.size() >= 2).orElse(true));
    if (!images
        && (job.model() instanceof ModelSpec.Cnn || job.model() instanceof ModelSpec.Resnet)) {
      refuseImagesModel();
    }
    for (int t = 0; t < input.transforms().size(); t++) {
      TransformSpec transform = input.transforms().get(t);
      boolean ofColumns =
          transform instanceof TransformSpec.Impute
              || transform instanceof TransformSpec.MissingIndicator
              || transform instanceof TransformSpec.Select
              || transform instanceof TransformSpec.DropConstant
              || transform instanceof TransformSpec.PiecewiseLinear
              || transform instanceof TransformSpec.Smooth;
      if (ofColumns) {
        refuse(t, "a transform of tensors, because " + names(Type.TENSOR) + " is one");
      }
      if (transform instanceof TransformSpec.Resize && !images) {
        refuse(t, "none, because " + names(Type.TENSOR) + " is not an image");
      }
    }
    checkQuarterTurns();
  }

  private void checkQuarterTurns() {
    for (int i = 0; i < job.augmentation().size(); i++) {
      if (job.augmentation().get(i) instanceof AugmentationSpec.Rotate rotate
          && rotate.quarterTurns()
          && columns.values().stream().anyMatch(column -> !isSquare(column))) {
        rules.refuse(
            "augmentation." + i + ".rotate.quarterTurns", true, "false: the images are not square");
      }
    }
  }

  private boolean isSquare(ColumnSpec column) {
    List<Integer> sides = column.shape().orElse(List.of());
    for (TransformSpec transform : input.transforms()) {
      if (transform instanceof TransformSpec.Resize resize) {
        sides = List.of(resize.height(), resize.width());
      }
    }
    return sides.size() < 2 || sides.get(0).equals(sides.get(1));
  }

  private void checkValues() {
    if (job.model() instanceof ModelSpec.Cnn || job.model() instanceof ModelSpec.Resnet) {
      refuseImagesModel();
    }
    String categories = names(Type.CATEGORY);
    boolean encoded = false;
    for (int t = 0; t < input.transforms().size(); t++) {
      TransformSpec transform = input.transforms().get(t);
      if (transform instanceof TransformSpec.Resize) {
        refuse(t, "an input that is an image");
      } else if (transform instanceof TransformSpec.NormaliseEach && job.windows().isEmpty()) {
        refuse(t, "an input that is a tensor, or windows in the job");
      } else if (transform instanceof TransformSpec.Smooth
          && (t > 0 || job.windows().isEmpty() || !categories.isEmpty())) {
        refuse(t, "it first, for columns of numbers, in a job that cuts windows");
      } else if (transform instanceof TransformSpec.OneHot) {
        encoded = true;
      } else if (!categories.isEmpty() && !encoded) {
        refuse(t, "oneHot before it, because of the categories " + categories);
        return;
      }
    }
    if (!categories.isEmpty() && !encoded) {
      rules.refuse(path, categories, "oneHot among the transforms of categories");
    }
  }

  private void refuseImagesModel() {
    rules.refuse("model.architecture", YamlNames.of(job.model()), "inputs that are images, or mlp");
  }

  private void refuse(int transform, String expected) {
    rules.refuse(
        path + ".transforms." + transform,
        YamlNames.of(input.transforms().get(transform)),
        expected);
  }

  private String names(Type... types) {
    return columns.entrySet().stream()
        .filter(entry -> List.of(types).contains(entry.getValue().type()))
        .map(Map.Entry::getKey)
        .collect(Collectors.joining(", "));
  }
}
