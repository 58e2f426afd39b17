package dev.zone.conf.yaml;

import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Writes the reference of a file in Markdown from the annotations of its records: a section a
 * record or choice, a table row a key.
 */
public final class Reference {
  private final StringBuilder out = new StringBuilder();
  private final Set<Class<?>> sections = new LinkedHashSet<>();

  private Reference() {}

  /** The reference of a file that is read into such a record. */
  public static String of(Class<? extends Record> root) {
    Reference reference = new Reference();
    reference.sections.add(root);
    // A section may bring more of them; each is written once.
    for (int i = 0; i < reference.sections.size(); i++) {
      reference.section(new ArrayList<>(reference.sections).get(i));
    }
    return reference.out.toString();
  }

  private void section(Class<?> type) {
    out.append("### ").append(title(type)).append("\n\n");
    out.append(doc(type)).append("\n\n");
    if (Types.isChoice(type)) {
      out.append(form(type)).append("\n\n");
      for (Class<?> alternative : Types.alternatives(type)) {
        out.append("**`").append(Types.byKey(alternative).orElseGet(() -> Types.name(alternative)));
        out.append("`** ").append(doc(alternative)).append("\n\n");
        table(alternative);
      }
    } else {
      table(type);
    }
  }

  private static String form(Class<?> choice) {
    String tag = Types.tag(choice);
    List<String> byKey =
        Types.alternatives(choice).stream()
            .flatMap(alternative -> Types.byKey(alternative).stream())
            .map(key -> "`" + key + "`")
            .toList();
    String form =
        tag.isEmpty()
            ? "Written as one of these keys with the alternative's keys below it, or the name alone"
                + " where all keys have defaults."
            : "The key `" + tag + "` names one of these; its keys stand beside it.";
    return byKey.isEmpty()
        ? form
        : form + " Told by a key of its own: " + String.join(", ", byKey) + ".";
  }

  private void table(Class<?> record) {
    if (record.getRecordComponents().length == 0) {
      return;
    }
    out.append("| key | type | default | meaning |\n|---|---|---|---|\n");
    for (RecordComponent component : record.getRecordComponents()) {
      Doc doc = component.getAnnotation(Doc.class);
      out.append("| `")
          .append(component.getName())
          .append("` | ")
          .append(cell(type(component.getGenericType(), Limits.of(component))))
          .append(" | ")
          .append(cell(fallback(component)))
          .append(" | ")
          .append(cell(doc == null ? "" : text(doc.value())))
          .append(" |\n");
    }
    out.append('\n');
  }

  private static String fallback(RecordComponent component) {
    if (component.getType() == Optional.class) {
      return "none";
    }
    Default fallback = component.getAnnotation(Default.class);
    return fallback == null ? "**required**" : "`" + fallback.value() + "`";
  }

  /** What a value is; notes the sections that it refers to. */
  private String type(Type type, Limits limits) {
    Class<?> raw = Types.raw(type);
    if (raw == Optional.class) {
      return type(Types.argument(type, 0), limits);
    }
    if (raw == List.class) {
      return "list"
          + limits.sizes("element", "elements")
          + ", each "
          + type(Types.argument(type, 0), limits.ofElements());
    }
    if (raw == Map.class) {
      Type key = Types.argument(type, 0);
      return "mapping"
          + limits.sizes("key", "keys")
          + (Types.raw(key).isEnum() ? " of " + type(key, Limits.NONE) + " to " : ", each value ")
          + type(Types.argument(type, 1), limits.ofElements());
    }
    if (raw.isEnum()) {
      return "one of "
          + String.join(", ", Types.names(raw).stream().map(name -> "`" + name + "`").toList());
    }
    if (Types.isScalar(raw)) {
      return raw.getAnnotation(Doc.class).value();
    }
    if (Types.isChoice(raw) || raw.isRecord()) {
      sections.add(raw);
      return "[" + title(raw) + "](#" + title(raw).toLowerCase(Locale.ROOT) + ")";
    }
    return Types.expected(type, limits).replaceFirst("^an? ", "");
  }

  private static String title(Class<?> type) {
    String name = type.getSimpleName().replaceFirst("Spec$", "");
    return name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
  }

  private static String doc(Class<?> type) {
    Doc doc = type.getAnnotation(Doc.class);
    return doc == null ? "" : text(doc.value());
  }

  /** Prose, in which Markdown must not see emphasis or tags. */
  private static String text(String prose) {
    return prose.replace("*", "\\*").replace("<", "&lt;");
  }

  private static String cell(String text) {
    return text.replace("|", "\\|");
  }
}
