package dev.zone.conf;

import dev.zone.conf.ColumnSpec.Role;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A dataset's columns by name, where the descriptor's own names may be patterns. */
final class DatasetColumns {
  private final Map<String, ColumnSpec> declared;

  DatasetColumns(Map<String, ColumnSpec> declared) {
    this.declared = declared;
  }

  /** The column of this name: the declaration of just this name, else the first pattern's. */
  Optional<ColumnSpec> find(String name) {
    if (declared.containsKey(name) && !ColumnPatterns.isPattern(name)) {
      return Optional.of(declared.get(name));
    }
    return declared.entrySet().stream()
        .filter(entry -> ColumnPatterns.isPattern(entry.getKey()))
        .filter(entry -> ColumnPatterns.matches(entry.getKey(), name))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  /** The column of this name; a problem if there is none. */
  Optional<ColumnSpec> require(String name, String path, Rules rules) {
    Optional<ColumnSpec> found = find(name);
    if (found.isEmpty()) {
      rules.refuseName(path, name, "one of the dataset's columns " + shown(), names());
    }
    return found;
  }

  /** The input columns, or patterns of such, that a pattern may stand for. */
  Map<String, ColumnSpec> inputsLike(String pattern) {
    Map<String, ColumnSpec> found = new LinkedHashMap<>();
    declared.forEach(
        (name, column) -> {
          if (column.role() == Role.INPUT && ColumnPatterns.overlap(pattern, name)) {
            found.put(name, column);
          }
        });
    return found;
  }

  List<String> names() {
    return List.copyOf(declared.keySet());
  }

  /** Whether the descriptor names each column. */
  boolean areAllNamed() {
    return declared.keySet().stream().noneMatch(ColumnPatterns::isPattern);
  }

  String shown() {
    List<String> names = names();
    return names.size() <= 20
        ? String.join(", ", names)
        : String.join(", ", names.subList(0, 20)) + " and " + (names.size() - 20) + " more";
  }

  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
