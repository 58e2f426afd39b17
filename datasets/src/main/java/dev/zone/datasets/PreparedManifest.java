package dev.zone.datasets;

import com.google.gson.JsonObject;
import dev.zone.conf.SplitSpec.Split;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What prepared examples are.
 *
 * @param dataset name of the dataset, with its version if it has one
 * @param datasetDigest SHA-256 over descriptor and file contents, hexadecimal
 * @param generated whether the data come from a generator
 * @param key SHA-256 over all that decides the prepared bytes; the folder's name
 * @param inputs the model's inputs in order
 * @param classes names of the classes in index order: of the label (multiclass; binary: negative,
 *     positive), of the labels' columns (multilabel), the target's column (regression)
 * @param targetWidth floats a target has
 * @param targetSteps targets an example has in {@link ExampleSet#copyTarget}: 1, or as many as its
 *     window has steps
 * @param counts examples by split; a split that has none is absent
 * @param targetCounts targets by split, those of padded steps left out: as many as examples if each
 *     has one
 * @param classCounts for each split, targets of each class (multiclass, binary), targets that have
 *     each label (multilabel), empty for regression
 * @param findings what the checks noticed, worst first
 */
public record PreparedManifest(
    String dataset,
    String datasetDigest,
    boolean generated,
    String key,
    List<Input> inputs,
    List<String> classes,
    int targetWidth,
    int targetSteps,
    Map<Split, Integer> counts,
    Map<Split, Long> targetCounts,
    Map<Split, List<Long>> classCounts,
    List<Finding> findings) {
  public PreparedManifest {
    inputs = List.copyOf(inputs);
    classes = List.copyOf(classes);
    counts = ordered(counts);
    // A file of before windows could have several targets says nothing of them.
    targetSteps = Math.max(1, targetSteps);
    targetCounts = targetCounts == null ? oneEach(counts) : ordered(targetCounts);
    classCounts = ordered(classCounts);
    findings = List.copyOf(findings);
  }

  private static Map<Split, Long> oneEach(Map<Split, Integer> counts) {
    Map<Split, Long> targets = new EnumMap<>(Split.class);
    counts.forEach((split, count) -> targets.put(split, count.longValue()));
    return targets;
  }

  /**
   * @param name the column's name, or {@code features} for joined columns
   * @param shape without the example axis: [features], [channels, height, width], or [columns,
   *     length] for windows
   * @param names of the features, channels or columns along the first axis
   * @param masked whether windows may end with steps that the model is not to see: {@link
   *     ExampleSet#paddedSteps}
   */
  public record Input(String name, List<Integer> shape, List<String> names, boolean masked) {
    public Input {
      shape = List.copyOf(shape);
      names = List.copyOf(names);
    }

    /** An input of which the model sees everything. */
    public Input(String name, List<Integer> shape, List<String> names) {
      this(name, shape, names, false);
    }

    public int elements() {
      return shape.stream().mapToInt(Integer::intValue).reduce(1, Math::multiplyExact);
    }
  }

  /**
   * @param check short name of the check, such as {@code duplicates-across-splits}
   * @param severity WARNING: figures may mislead; INFO: worth knowing
   * @param message for people, with numbers
   */
  public record Finding(String check, Severity severity, String message) {
    public enum Severity {
      WARNING,
      INFO
    }

    /** As records and answers have it. */
    public JsonObject toJson() {
      JsonObject json = new JsonObject();
      json.addProperty("check", check);
      json.addProperty("severity", severity.name());
      json.addProperty("message", message);
      return json;
    }
  }

  /** The same, of which more was noticed. */
  public PreparedManifest with(List<Finding> more) {
    List<Finding> all = new ArrayList<>(findings);
    all.addAll(more);
    all.sort(Comparator.comparing(Finding::severity));
    return new PreparedManifest(
        dataset,
        datasetDigest,
        generated,
        key,
        inputs,
        classes,
        targetWidth,
        targetSteps,
        counts,
        targetCounts,
        classCounts,
        all);
  }

  private static <V> Map<Split, V> ordered(Map<Split, V> map) {
    Map<Split, V> copy = new EnumMap<>(Split.class);
    copy.putAll(map);
    return Collections.unmodifiableMap(copy);
  }
}
