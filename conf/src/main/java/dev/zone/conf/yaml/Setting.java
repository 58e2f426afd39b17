package dev.zone.conf.yaml;

import dev.zone.conf.error.Problems;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A value set from the command line over a file's, {@code training.epochs=3}. Keys are joined by
 * dots, elements of lists are numbered from 0; the value is YAML, so {@code training.updater={sgd:
 * {learningRate: 0.1}}} works. An empty value takes an optional key out.
 *
 * @param path such as {@code inputs.0.column}
 * @param value YAML text
 * @param where what people wrote it with, which problems with it name
 */
public record Setting(String path, String value, String where) {
  private static final int MAX_SEGMENTS = 30;

  /** A {@code --set}. */
  public Setting(String path, String value) {
    this(path, value, "--set " + YamlNode.printable(path));
  }

  /**
   * Takes {@code path=value} apart.
   *
   * @return empty if it is not of that form, which is a problem
   */
  public static Optional<Setting> parse(String text, Problems problems) {
    int equals = text.indexOf('=');
    String path = equals < 0 ? "" : text.substring(0, equals).strip();
    List<String> segments = List.of(path.split("\\.", -1));
    if (segments.stream().anyMatch(String::isBlank) || segments.size() > MAX_SEGMENTS) {
      problems.add(
          "",
          "Cannot use --set "
              + YamlNode.printable(text)
              + " (expected path=value, such as training.epochs=3)");
      return Optional.empty();
    }
    return Optional.of(new Setting(path, text.substring(equals + 1)));
  }

  /** The tree with this value in it; the tree itself, and a problem, if the path leads nowhere. */
  YamlNode applyTo(YamlNode root, Problems problems) {
    Optional<YamlNode> parsed = YamlTree.parse(value, where(), false, problems);
    if (parsed.isEmpty()) {
      return root;
    }
    List<String> segments = new ArrayList<>(List.of(path.split("\\.", -1)));
    return put(root, segments, 0, parsed.get(), problems);
  }

  private YamlNode put(
      YamlNode node, List<String> segments, int at, YamlNode leaf, Problems problems) {
    if (at == segments.size()) {
      return leaf;
    }
    String segment = segments.get(at);
    if (node instanceof YamlNode.Sequence sequence) {
      int size = sequence.items().size();
      int index = segment.matches("[0-9]{1,6}") ? Integer.parseInt(segment) : size;
      if (index >= size) {
        problems.add(
            where(),
            "Cannot find element '"
                + YamlNode.printable(segment)
                + "' of "
                + String.join(".", segments.subList(0, at))
                + (size == 0
                    ? " (expected none: the list is empty)"
                    : " (expected a number from 0 to " + (size - 1) + ")"));
        return node;
      }
      return sequence.with(
          index, put(sequence.items().get(index), segments, at + 1, leaf, problems));
    }
    YamlNode.Mapping mapping;
    if (node instanceof YamlNode.Mapping existing) {
      mapping = existing;
    } else if (node instanceof YamlNode.Scalar scalar && scalar.isNull()) {
      mapping = new YamlNode.Mapping(List.of(), where());
    } else {
      problems.add(
          where(),
          "Cannot set "
              + YamlNode.printable(path)
              + ": "
              + String.join(".", segments.subList(0, at))
              + " is "
              + node.shown()
              + " (expected a mapping or a list there)");
      return node;
    }
    YamlNode below =
        mapping
            .find(segment)
            .map(YamlNode.Entry::value)
            .orElseGet(() -> new YamlNode.Scalar("", true, where()));
    return mapping.with(
        new YamlNode.Entry(
            segment,
            mapping.find(segment).map(YamlNode.Entry::where).orElse(where()),
            put(below, segments, at + 1, leaf, problems)));
  }
}
