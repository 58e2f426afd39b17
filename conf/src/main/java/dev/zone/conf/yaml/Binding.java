package dev.zone.conf.yaml;

import dev.zone.conf.error.Names;
import dev.zone.conf.error.Problems;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Binds one tree. A value that cannot be bound is a problem and an empty result; its neighbours are
 * bound all the same, so that their problems show too.
 */
final class Binding {
  private final Refusals refusals;
  private final boolean lenient;
  private final Map<String, String> places = new LinkedHashMap<>();

  /**
   * @param lenient puts something in the place of values that cannot be bound, as far as there is
   *     something: their default, or the text that was refused; {@link #unusable} has their paths
   */
  Binding(Problems problems, boolean lenient) {
    this.refusals = new Refusals(problems);
    this.lenient = lenient;
  }

  /** Paths of values that the file does not say, or not in a way that can be used. */
  Set<String> unusable() {
    return refusals.paths();
  }

  /** The places of the values bound so far, by path. */
  Map<String, String> places() {
    return places;
  }

  Optional<Object> bind(YamlNode node, Type type, Limits limits, String path) {
    places.put(path, node.where());
    Class<?> raw = Types.raw(type);
    if (raw == Optional.class) {
      return node instanceof YamlNode.Scalar scalar && scalar.isNull()
          ? Optional.of(Optional.empty())
          : bind(node, Types.argument(type, 0), limits, path).map(Optional::of);
    }
    if (raw == List.class) {
      return list(node, type, limits, path);
    }
    if (raw == Map.class) {
      return map(node, type, limits, path);
    }
    if (Types.isChoice(raw)) {
      return choice(node, raw, path);
    }
    if (raw.isRecord() && !Types.isScalar(raw)) {
      return node instanceof YamlNode.Mapping mapping
          ? fields(mapping, raw, path, Optional.empty())
          : refusals.unusable(node, path, Types.expected(raw, Limits.NONE), List.of());
    }
    if (!(node instanceof YamlNode.Scalar scalar)) {
      return refusals.unusable(node, path, Types.expected(raw, limits), List.of());
    }
    if (raw == String.class && scalar.plain() && scalar.text().isEmpty()) {
      return refusals.unusable(node, path, Types.expected(raw, limits), List.of());
    }
    try {
      return Optional.of(ScalarValues.parse(scalar, raw, limits));
    } catch (ScalarValues.Unusable e) {
      return refusals.unusable(
          node, path, e.getMessage(), raw.isEnum() ? Types.names(raw) : List.of());
    }
  }

  private Optional<Object> list(YamlNode node, Type type, Limits limits, String path) {
    if (!(node instanceof YamlNode.Sequence sequence)) {
      return refusals.unusable(node, path, Types.expected(type, limits), List.of());
    }
    boolean sized = checkSize(node, path, sequence.items().size(), type, limits);
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < sequence.items().size(); i++) {
      bind(
              sequence.items().get(i),
              Types.argument(type, 0),
              limits.ofElements(),
              Refusals.join(path, Integer.toString(i)))
          .ifPresent(values::add);
    }
    return sized && values.size() == sequence.items().size()
        ? Optional.of(values)
        : Optional.empty();
  }

  private Optional<Object> map(YamlNode node, Type type, Limits limits, String path) {
    if (!(node instanceof YamlNode.Mapping mapping)) {
      return refusals.unusable(node, path, Types.expected(type, limits), List.of());
    }
    boolean sized = checkSize(node, path, mapping.entries().size(), type, limits);
    Class<?> keyType = Types.raw(Types.argument(type, 0));
    Map<Object, Object> values = new LinkedHashMap<>();
    for (YamlNode.Entry entry : mapping.entries()) {
      Optional<Object> key = key(entry, keyType, path);
      Optional<Object> value =
          bind(
              entry.value(),
              Types.argument(type, 1),
              limits.ofElements(),
              Refusals.join(path, entry.key()));
      if (key.isPresent() && value.isPresent()) {
        values.put(key.get(), value.get());
      }
    }
    // Unlike a list's, what is left has the paths that it has in the file.
    return sized && (lenient || values.size() == mapping.entries().size())
        ? Optional.of(values)
        : Optional.empty();
  }

  private Optional<Object> key(YamlNode.Entry entry, Class<?> type, String path) {
    try {
      return Optional.of(
          ScalarValues.parse(
              new YamlNode.Scalar(entry.key(), true, entry.where()), type, Limits.NONE));
    } catch (ScalarValues.Unusable e) {
      return refusals.unknownKey(entry, path, type.isEnum() ? Types.names(type) : List.of());
    }
  }

  private Optional<Object> choice(YamlNode node, Class<?> type, String path) {
    String tag = Types.tag(type);
    if (node instanceof YamlNode.Scalar scalar && !scalar.isNull()) {
      return bareName(scalar, type, path);
    }
    if (!(node instanceof YamlNode.Mapping mapping)) {
      return refusals.unusable(node, path, Types.expected(type, Limits.NONE), List.of());
    }
    Optional<YamlNode.Entry> tagged = tag.isEmpty() ? Optional.empty() : mapping.find(tag);
    if (tagged.isPresent()) {
      return alternative(tagged.get().value(), type, Refusals.join(path, tag))
          .flatMap(record -> fields(mapping, record, path, Optional.of(tag)));
    }
    for (Class<?> alternative : Types.alternatives(type)) {
      if (Types.byKey(alternative).flatMap(mapping::find).isPresent()) {
        return fields(mapping, alternative, path, Optional.empty());
      }
    }
    return tag.isEmpty() ? named(mapping, type, path) : missingTag(mapping, type, path);
  }

  private Optional<Object> bareName(YamlNode.Scalar scalar, Class<?> type, String path) {
    Optional<Class<?>> record = alternative(scalar, type, path);
    if (record.isPresent() && !Types.needsNothing(record.get())) {
      List<String> needed =
          Arrays.stream(record.get().getRecordComponents())
              .filter(Types::isRequired)
              .map(RecordComponent::getName)
              .toList();
      return refusals.unusable(
          scalar, path, "a mapping, because it needs " + String.join(", ", needed), List.of());
    }
    return record.flatMap(
        found ->
            fields(new YamlNode.Mapping(List.of(), scalar.where()), found, path, Optional.empty()));
  }

  /** The alternative that a name chooses. */
  private Optional<Class<?>> alternative(YamlNode name, Class<?> type, String path) {
    for (Class<?> alternative : Types.alternatives(type)) {
      if (Types.byKey(alternative).isEmpty()
          && name instanceof YamlNode.Scalar scalar
          && Types.name(alternative).equals(scalar.text())) {
        return Optional.of(alternative);
      }
    }
    refusals.unusable(name, path, Types.expected(type, Limits.NONE), Types.words(type));
    return Optional.empty();
  }

  private Optional<Object> named(YamlNode.Mapping mapping, Class<?> type, String path) {
    if (mapping.entries().size() != 1) {
      return refusals.notOneKey(mapping, path, type);
    }
    YamlNode.Entry entry = mapping.entries().get(0);
    for (Class<?> alternative : Types.alternatives(type)) {
      if (Types.byKey(alternative).isEmpty() && Types.name(alternative).equals(entry.key())) {
        boolean empty = entry.value() instanceof YamlNode.Scalar scalar && scalar.isNull();
        YamlNode value = empty ? new YamlNode.Mapping(List.of(), entry.where()) : entry.value();
        return bind(value, alternative, Limits.NONE, Refusals.join(path, entry.key()));
      }
    }
    refusals.mark(path);
    return refusals.unknownKey(entry, path, Types.words(type));
  }

  private Optional<Object> missingTag(YamlNode.Mapping mapping, Class<?> type, String path) {
    List<String> telling = new ArrayList<>(List.of(Types.tag(type)));
    for (Class<?> alternative : Types.alternatives(type)) {
      Types.byKey(alternative).ifPresent(telling::add);
    }
    for (YamlNode.Entry entry : mapping.entries()) {
      if (Names.nearest(entry.key(), telling).isPresent()) {
        refusals.mark(path);
        return refusals.unknownKey(entry, path, telling);
      }
    }
    return refusals.missingTag(mapping, path, telling, type);
  }

  /** Binds a mapping's keys to a record's components. */
  private Optional<Object> fields(
      YamlNode.Mapping mapping, Class<?> type, String path, Optional<String> tag) {
    places.put(path, mapping.where());
    List<String> known = Types.keys(type, tag);
    RecordComponent[] components = type.getRecordComponents();
    Map<String, RecordComponent> byName = new LinkedHashMap<>();
    for (RecordComponent component : components) {
      byName.put(component.getName(), component);
    }
    Set<String> misspelt = new HashSet<>();
    Map<String, Object> values = new LinkedHashMap<>();
    for (YamlNode.Entry entry : mapping.entries()) {
      RecordComponent component = byName.get(entry.key());
      if (component != null && isNothingForText(entry.value(), component)) {
        refusals.unusable(
            entry.value(),
            Refusals.join(path, entry.key()),
            Types.expected(component.getType(), Limits.of(component)),
            List.of());
      } else if (component != null) {
        bind(
                entry.value(),
                component.getGenericType(),
                Limits.of(component),
                Refusals.join(path, entry.key()))
            .ifPresent(value -> values.put(entry.key(), value));
      } else if (!known.contains(entry.key())) {
        refusals.unknownKey(entry, path, known);
        Names.nearest(entry.key(), known).ifPresent(misspelt::add);
      }
    }
    misspelt.removeIf(key -> mapping.find(key).isPresent());
    misspelt.forEach(key -> refusals.mark(Refusals.join(path, key)));
    for (RecordComponent component : components) {
      if (mapping.find(component.getName()).isEmpty()) {
        if (!Types.isRequired(component)) {
          values.put(component.getName(), defaultOf(component));
        } else if (!misspelt.contains(component.getName())) {
          refusals.missingKey(mapping, component, path);
        }
      }
      if (lenient && !values.containsKey(component.getName())) {
        substitute(mapping.find(component.getName()), component)
            .ifPresent(value -> values.put(component.getName(), value));
      }
    }
    return values.size() == components.length
        ? construct(type, components, values, mapping, path)
        : Optional.empty();
  }

  /** Something in the place of a value that is not there or cannot be bound. */
  private static Optional<Object> substitute(
      Optional<YamlNode.Entry> entry, RecordComponent component) {
    if (!Types.isRequired(component)) {
      return Optional.of(defaultOf(component));
    }
    boolean text = component.getType() == String.class;
    return text
        ? entry
            .map(YamlNode.Entry::value)
            .filter(YamlNode.Scalar.class::isInstance)
            .<Object>map(value -> ((YamlNode.Scalar) value).text())
            .or(() -> Optional.of(""))
        : Optional.empty();
  }

  /** A key with nothing behind it, or null, is no text; an element null of a list is one. */
  private static boolean isNothingForText(YamlNode node, RecordComponent component) {
    return component.getType() == String.class
        && node instanceof YamlNode.Scalar scalar
        && scalar.isNull();
  }

  /** The value of a component whose key is not given. */
  static Object defaultOf(RecordComponent component) {
    if (component.getType() == Optional.class) {
      return Optional.empty();
    }
    String text = component.getAnnotation(Default.class).value();
    Problems wrong = new Problems();
    Optional<Object> value =
        YamlTree.parse(text, "default", true, wrong)
            .flatMap(
                node ->
                    new Binding(wrong, false)
                        .bind(
                            node,
                            component.getGenericType(),
                            Limits.of(component),
                            component.getName()));
    return value.orElseThrow(
        () -> new IllegalStateException("A default is not a value: " + wrong.list()));
  }

  private Optional<Object> construct(
      Class<?> type,
      RecordComponent[] components,
      Map<String, Object> values,
      YamlNode.Mapping mapping,
      String path) {
    try {
      Constructor<?> constructor =
          type.getDeclaredConstructor(
              Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
      constructor.setAccessible(true);
      return Optional.of(
          constructor.newInstance(
              Arrays.stream(components)
                  .map(component -> values.get(component.getName()))
                  .toArray()));
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException wrong) {
        refusals.add(path, mapping.where(), wrong.getMessage());
        return Optional.empty();
      }
      throw new IllegalStateException("Cannot make a " + type.getSimpleName(), e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Cannot make a " + type.getSimpleName(), e);
    }
  }

  private boolean checkSize(YamlNode node, String path, int size, Type type, Limits limits) {
    boolean sized = limits.allowsSize(size);
    if (!sized) {
      refusals.wrongSize(node, path, size, type, limits);
    }
    return sized;
  }
}
