package dev.zone.conf.yaml;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A YAML value with its place in the file or flag it came from. */
sealed interface YamlNode {
  /** For messages: {@code job.yaml:7:3}, or {@code --set training.epochs}. */
  String where();

  /**
   * @param plain whether it was written without quotes
   */
  record Scalar(String text, boolean plain, String where) implements YamlNode {
    /** As YAML 1.2's core schema has it, or nothing at all. */
    boolean isNull() {
      return plain
          && switch (text) {
            case "", "~", "null", "Null", "NULL" -> true;
            default -> false;
          };
    }
  }

  record Sequence(List<YamlNode> items, String where) implements YamlNode {
    public Sequence {
      items = List.copyOf(items);
    }

    Sequence with(int index, YamlNode value) {
      List<YamlNode> changed = new ArrayList<>(items);
      changed.set(index, value);
      return new Sequence(changed, where);
    }
  }

  /** Keys are distinct; their order is the file's. */
  record Mapping(List<Entry> entries, String where) implements YamlNode {
    public Mapping {
      entries = List.copyOf(entries);
    }

    Optional<Entry> find(String key) {
      return entries.stream().filter(entry -> entry.key().equals(key)).findFirst();
    }

    List<String> keys() {
      return entries.stream().map(Entry::key).toList();
    }

    /** Puts the value in the key's place, or at the end. */
    Mapping with(Entry entry) {
      List<Entry> changed = new ArrayList<>(entries);
      int at = keys().indexOf(entry.key());
      if (at < 0) {
        changed.add(entry);
      } else {
        changed.set(at, entry);
      }
      return new Mapping(changed, where);
    }
  }

  /**
   * @param where the key's place
   */
  record Entry(String key, String where, YamlNode value) {}

  /** How a message shows the value: on one line, of bounded length, without control characters. */
  default String shown() {
    if (this instanceof Scalar scalar) {
      if (scalar.isNull()) {
        return "nothing";
      }
      String text = printable(scalar.text());
      return scalar.plain() ? text : '"' + text + '"';
    }
    return this instanceof Sequence ? "a list" : "a mapping";
  }

  /** At most 80 characters of a text from outside, control characters replaced. */
  static String printable(String text) {
    String cut = text.length() <= 80 ? text : text.substring(0, 80) + "…";
    return cut.codePoints()
        .map(c -> Character.isISOControl(c) ? '?' : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
