package dev.zone.conf.yaml;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What the records' types and annotations say of the files. */
final class Types {
  private Types() {}

  static Class<?> raw(Type type) {
    return type instanceof ParameterizedType parameterized
        ? (Class<?>) parameterized.getRawType()
        : (Class<?>) type;
  }

  static Type argument(Type type, int index) {
    return ((ParameterizedType) type).getActualTypeArguments()[index];
  }

  static boolean isChoice(Class<?> type) {
    return type.isAnnotationPresent(Choice.class);
  }

  static boolean isScalar(Class<?> type) {
    return type.isAnnotationPresent(Scalar.class);
  }

  static boolean isWhole(Class<?> type) {
    return type == int.class || type == Integer.class || type == long.class || type == Long.class;
  }

  static boolean isFraction(Class<?> type) {
    return type == double.class || type == Double.class;
  }

  static boolean isFlag(Class<?> type) {
    return type == boolean.class || type == Boolean.class;
  }

  /** The records that a choice is between, in the order of their declaration. */
  static List<Class<?>> alternatives(Class<?> choice) {
    return List.of(choice.getPermittedSubclasses());
  }

  static String tag(Class<?> choice) {
    return choice.getAnnotation(Choice.class).tag();
  }

  static Optional<String> byKey(Class<?> alternative) {
    return Optional.ofNullable(alternative.getAnnotation(ByKey.class)).map(ByKey::value);
  }

  /** An alternative's name in files. */
  static String name(Class<?> alternative) {
    Named named = alternative.getAnnotation(Named.class);
    if (named != null) {
      return named.value();
    }
    String simple = alternative.getSimpleName();
    return simple.substring(0, 1).toLowerCase(Locale.ROOT) + simple.substring(1);
  }

  /** The words that choose an alternative: names, and keys of those told by a key. */
  static List<String> words(Class<?> choice) {
    return alternatives(choice).stream()
        .map(alternative -> byKey(alternative).orElseGet(() -> name(alternative)))
        .toList();
  }

  /** An enum constant's name in files: {@code @Named}, or its Java name in lower camel case. */
  static String name(Enum<?> constant) {
    try {
      Named named =
          constant.getDeclaringClass().getField(constant.name()).getAnnotation(Named.class);
      if (named != null) {
        return named.value();
      }
    } catch (NoSuchFieldException e) {
      throw new IllegalStateException("An enum without its own constant: " + constant, e);
    }
    StringBuilder name = new StringBuilder();
    for (String word : constant.name().toLowerCase(Locale.ROOT).split("_", -1)) {
      name.append(
          name.isEmpty()
              ? word
              : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
    }
    return name.toString();
  }

  static List<String> names(Class<?> enumType) {
    return Arrays.stream(enumType.getEnumConstants())
        .map(constant -> name((Enum<?>) constant))
        .toList();
  }

  /** The keys of a record, a tag first if there is one. */
  static List<String> keys(Class<?> type, Optional<String> tag) {
    List<String> keys = new ArrayList<>();
    tag.ifPresent(keys::add);
    for (RecordComponent component : type.getRecordComponents()) {
      keys.add(component.getName());
    }
    return keys;
  }

  static boolean isRequired(RecordComponent component) {
    return component.getType() != Optional.class && !component.isAnnotationPresent(Default.class);
  }

  /** Whether a record's keys can all be left out. */
  static boolean needsNothing(Class<?> type) {
    return Arrays.stream(type.getRecordComponents()).noneMatch(Types::isRequired);
  }

  /** What a value must be, for {@code (expected …)}. */
  static String expected(Type type, Limits limits) {
    Class<?> raw = raw(type);
    if (raw == Optional.class) {
      return expected(argument(type, 0), limits);
    }
    if (raw == List.class) {
      return "a list"
          + limits.sizes("element", "elements")
          + ", each "
          + expected(argument(type, 0), limits.ofElements());
    }
    if (raw == java.util.Map.class) {
      return "a mapping"
          + limits.sizes("key", "keys")
          + ", each value "
          + expected(argument(type, 1), limits.ofElements());
    }
    if (raw.isEnum()) {
      return "one of " + String.join(", ", names(raw));
    }
    if (isChoice(raw)) {
      return "one of " + String.join(", ", words(raw));
    }
    if (isWhole(raw)) {
      return "a whole number" + limits.numbers();
    }
    if (isFraction(raw)) {
      return "a number" + limits.numbers();
    }
    if (isFlag(raw)) {
      return "true or false";
    }
    if (raw.isRecord() && !isScalar(raw)) {
      return "a mapping with the keys " + String.join(", ", keys(raw, Optional.empty()));
    }
    return limits.matches().map(Matches::expected).orElse("a text");
  }

  /** A component's value in a record. */
  static Object valueOf(Record record, RecordComponent component) {
    try {
      component.getAccessor().setAccessible(true);
      return component.getAccessor().invoke(record);
    } catch (InvocationTargetException | IllegalAccessException e) {
      throw new IllegalStateException("Cannot read " + component, e);
    }
  }
}
