package dev.zone.conf.yaml;

import dev.zone.conf.error.Names;
import dev.zone.conf.error.Problems;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Says what of a tree cannot be bound, and remembers of which paths. */
final class Refusals {
  private final Problems problems;
  private final Set<String> paths = new HashSet<>();

  Refusals(Problems problems) {
    this.problems = problems;
  }

  /** Paths of values that the file does not say, or not in a way that can be used. */
  Set<String> paths() {
    return paths;
  }

  /** Remembers a path of which something else tells. */
  void mark(String path) {
    paths.add(path);
  }

  /** A value that is not as it must be; the message begins with what it is. */
  Optional<Object> add(String path, String where, String message) {
    paths.add(path);
    problems.add(where, "Cannot use " + shown(path) + ": " + message);
    return Optional.empty();
  }

  /**
   * A value that is none of what is expected.
   *
   * @param candidates what it may have been meant to be
   */
  Optional<Object> unusable(
      YamlNode node, String path, String expected, Collection<String> candidates) {
    String suggestion =
        node instanceof YamlNode.Scalar scalar && !scalar.isNull()
            ? Names.suggestion(YamlNode.printable(scalar.text()), candidates)
            : "";
    return add(path, node.where(), node.shown() + " (expected " + expected + ")" + suggestion);
  }

  /** A list or mapping of too few or too many. */
  void wrongSize(YamlNode node, String path, int size, Type type, Limits limits) {
    add(
        path,
        node.where(),
        node.shown() + " of " + size + " (expected " + Types.expected(type, limits) + ")");
  }

  /** A mapping that must have exactly one key of some. */
  Optional<Object> notOneKey(YamlNode.Mapping mapping, String path, Class<?> type) {
    String keys =
        mapping.entries().isEmpty()
            ? "{}"
            : "the keys " + YamlNode.printable(String.join(", ", mapping.keys()));
    return add(
        path,
        mapping.where(),
        keys + " (expected exactly " + Types.expected(type, Limits.NONE) + ")");
  }

  /** A mapping without any of the keys that tell what it is. */
  Optional<Object> missingTag(
      YamlNode.Mapping mapping, String path, List<String> telling, Class<?> type) {
    paths.add(path);
    problems.add(
        mapping.where(),
        "Cannot find key '"
            + String.join("' or '", telling)
            + "' in "
            + shown(path)
            + " (expected "
            + Types.expected(type, Limits.NONE)
            + ")");
    return Optional.empty();
  }

  /** A key that the mapping at a path does not have. */
  Optional<Object> unknownKey(YamlNode.Entry entry, String path, Collection<String> known) {
    String key = YamlNode.printable(entry.key());
    problems.add(
        entry.where(),
        "Cannot use key '"
            + key
            + "'"
            + in(path)
            + (known.isEmpty()
                ? " (expected none)"
                : " (expected one of " + String.join(", ", known) + ")")
            + Names.suggestion(key, known));
    return Optional.empty();
  }

  /** A required key that the mapping at a path lacks. */
  void missingKey(YamlNode.Mapping mapping, RecordComponent component, String path) {
    paths.add(join(path, component.getName()));
    problems.add(
        mapping.where(),
        "Cannot find key '"
            + component.getName()
            + "'"
            + in(path)
            + " (expected "
            + Types.expected(component.getGenericType(), Limits.of(component))
            + ")");
  }

  private static String in(String path) {
    return path.isEmpty() ? "" : " in " + YamlNode.printable(path);
  }

  private static String shown(String path) {
    return path.isEmpty() ? "the file" : YamlNode.printable(path);
  }

  /** The path of a key or of an element. */
  static String join(String path, String key) {
    return path.isEmpty() ? key : path + "." + key;
  }
}
