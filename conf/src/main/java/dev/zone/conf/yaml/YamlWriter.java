package dev.zone.conf.yaml;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Writes the records that {@link YamlBinder} reads: every value, defaults included; empty Optionals
 * left out. Equal records give equal texts, and the text binds to an equal record.
 */
public final class YamlWriter {
  private static final Pattern PLAIN =
      Pattern.compile("[A-Za-z/][A-Za-z0-9_./@-]*(?: [A-Za-z0-9_./@-]+)*");
  private static final Pattern MEANS_SOMETHING =
      Pattern.compile("(?i)null|true|false|yes|no|on|off|y|n");

  private final StringBuilder out = new StringBuilder();

  private YamlWriter() {}

  public static String write(Record value) {
    Object tree = tree(value);
    YamlWriter writer = new YamlWriter();
    if (tree instanceof Map<?, ?> map && !map.isEmpty()) {
      writer.mapping(map, 0);
    } else {
      writer.out.append(flow(tree)).append('\n');
    }
    return writer.out.toString();
  }

  /** A value as maps, lists and scalars' YAML. */
  private static Object tree(Object value) {
    if (value instanceof Record record) {
      return Types.isScalar(record.getClass()) ? new Leaf(text(record.toString())) : choice(record);
    }
    if (value instanceof List<?> list) {
      return list.stream().map(YamlWriter::tree).toList();
    }
    if (value instanceof Map<?, ?> map) {
      Map<String, Object> tree = new LinkedHashMap<>();
      map.forEach(
          (key, element) ->
              tree.put(
                  key instanceof Enum<?> constant ? Types.name(constant) : key.toString(),
                  tree(element)));
      return tree;
    }
    if (value instanceof Enum<?> constant) {
      return new Leaf(text(Types.name(constant)));
    }
    if (value instanceof String string) {
      return new Leaf(text(string));
    }
    if (value instanceof Number || value instanceof Boolean) {
      return new Leaf(value.toString());
    }
    throw new IllegalArgumentException(
        "Cannot write a "
            + value.getClass().getName()
            + " (expected a value that YamlBinder reads)");
  }

  /** A record in the form that its choice, if it is an alternative of one, is written. */
  private static Object choice(Record record) {
    Map<String, Object> fields = fields(record);
    Class<?> type = record.getClass();
    for (Class<?> parent : type.getInterfaces()) {
      if (Types.isChoice(parent) && Types.byKey(type).isEmpty()) {
        String tag = Types.tag(parent);
        if (tag.isEmpty()) {
          return fields.isEmpty() ? new Leaf(Types.name(type)) : Map.of(Types.name(type), fields);
        }
        Map<String, Object> tagged = new LinkedHashMap<>();
        tagged.put(tag, new Leaf(text(Types.name(type))));
        tagged.putAll(fields);
        return tagged;
      }
    }
    return fields;
  }

  private static Map<String, Object> fields(Record record) {
    Map<String, Object> fields = new LinkedHashMap<>();
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      Object value = Types.valueOf(record, component);
      if (value instanceof Optional<?> optional) {
        optional.ifPresent(present -> fields.put(component.getName(), tree(present)));
      } else {
        fields.put(component.getName(), tree(value));
      }
    }
    return fields;
  }

  private void mapping(Map<?, ?> map, int indent) {
    boolean first = true;
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      if (!first) {
        out.append(" ".repeat(indent));
      }
      first = false;
      out.append(text((String) entry.getKey())).append(':');
      below(entry.getValue(), indent);
    }
  }

  /** What follows a key: on the same line if it is short, else on lines of its own. */
  private void below(Object value, int indent) {
    if (value instanceof Map<?, ?> map && !map.isEmpty()) {
      out.append('\n').append(" ".repeat(indent + 2));
      mapping(map, indent + 2);
    } else if (value instanceof List<?> list && !list.stream().allMatch(Leaf.class::isInstance)) {
      out.append('\n');
      for (Object item : list) {
        out.append(" ".repeat(indent + 2)).append("-");
        if (item instanceof Map<?, ?> map && !map.isEmpty()) {
          out.append(' ');
          mapping(map, indent + 4);
        } else {
          out.append(' ').append(flow(item)).append('\n');
        }
      }
    } else {
      out.append(' ').append(flow(value)).append('\n');
    }
  }

  private static String flow(Object value) {
    if (value instanceof Leaf leaf) {
      return leaf.yaml;
    }
    List<String> parts = new ArrayList<>();
    if (value instanceof List<?> list) {
      list.forEach(item -> parts.add(flow(item)));
      return "[" + String.join(", ", parts) + "]";
    }
    ((Map<?, ?>) value).forEach((key, item) -> parts.add(text((String) key) + ": " + flow(item)));
    return "{" + String.join(", ", parts) + "}";
  }

  /** A text without quotes where every YAML reader takes it for a text, else in double quotes. */
  private static String text(String text) {
    if (PLAIN.matcher(text).matches() && !MEANS_SOMETHING.matcher(text).matches()) {
      return text;
    }
    StringBuilder quoted = new StringBuilder("\"");
    text.chars().forEach(c -> quoted.append(escaped((char) c)));
    return quoted.append('"').toString();
  }

  private static String escaped(char c) {
    return switch (c) {
      case '"' -> "\\\"";
      case '\\' -> "\\\\";
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default -> {
        boolean asIs =
            c >= 0x20 && c < 0x7f
                || c >= 0xa1 && c < 0xfffe && c != 0x2028 && c != 0x2029 && c != 0xfeff;
        yield asIs ? Character.toString(c) : String.format("\\u%04x", (int) c);
      }
    };
  }

  /** A scalar, ready to be written. */
  private record Leaf(String yaml) {}
}
