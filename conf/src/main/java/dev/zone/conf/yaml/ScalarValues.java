package dev.zone.conf.yaml;

import java.lang.reflect.InvocationTargetException;
import java.util.Optional;
import java.util.regex.Pattern;

/** Turns one YAML scalar into a Java value. */
final class ScalarValues {
  private static final Pattern WHOLE = Pattern.compile("[-+]?[0-9]{1,30}");
  private static final Pattern NUMBER =
      Pattern.compile("[-+]?(?:\\.[0-9]+|[0-9]+(?:\\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?");

  private ScalarValues() {}

  /**
   * The value, which is within the limits.
   *
   * @throws Unusable if the scalar is not such a value
   */
  static Object parse(YamlNode.Scalar scalar, Class<?> type, Limits limits) throws Unusable {
    if (type == String.class) {
      if (!limits.allowsText(scalar.text())) {
        throw new Unusable(Types.expected(type, limits));
      }
      return scalar.text();
    }
    if (type.isEnum()) {
      for (Object constant : type.getEnumConstants()) {
        if (Types.name((Enum<?>) constant).equals(scalar.text())) {
          return constant;
        }
      }
      throw new Unusable(Types.expected(type, limits));
    }
    if (Types.isScalar(type)) {
      return parseOwn(scalar, type);
    }
    Optional<?> value = plainValue(scalar.text(), type, limits);
    if (value.isPresent() && !scalar.plain()) {
      throw new Unusable(Types.expected(type, limits) + " without quotes");
    }
    return value.orElseThrow(() -> new Unusable(Types.expected(type, limits)));
  }

  private static Optional<?> plainValue(String text, Class<?> type, Limits limits) {
    if (Types.isFlag(type)) {
      return text.equals("true") || text.equals("false")
          ? Optional.of(Boolean.valueOf(text))
          : Optional.empty();
    }
    if (Types.isFraction(type)) {
      return NUMBER.matcher(text).matches()
          ? Optional.of(Double.valueOf(text))
              .filter(number -> Double.isFinite(number) && limits.allowsNumber(number))
          : Optional.empty();
    }
    if (!Types.isWhole(type)) {
      throw new IllegalStateException(
          "Cannot bind a value of " + type + " (expected a known type)");
    }
    return whole(text)
        .filter(limits::allowsNumber)
        .flatMap(
            number ->
                type == long.class || type == Long.class
                    ? Optional.<Object>of(number)
                    : Optional.of(number)
                        .filter(n -> n == n.intValue())
                        .map(n -> (Object) n.intValue()));
  }

  private static Optional<Long> whole(String text) {
    if (!WHOLE.matcher(text).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Long.valueOf(text));
    } catch (NumberFormatException e) {
      return Optional.empty(); // beyond a long
    }
  }

  private static Object parseOwn(YamlNode.Scalar scalar, Class<?> type) throws Unusable {
    try {
      return type.getMethod("parse", String.class).invoke(null, scalar.text());
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException wrong && wrong.getMessage() != null) {
        throw new Unusable(wrong.getMessage().replaceFirst("^expected ", ""));
      }
      throw new IllegalStateException("Cannot parse a " + type.getSimpleName(), e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type + " is @Scalar but has no static parse(String)", e);
    }
  }

  /** Says what was expected. */
  static final class Unusable extends Exception {
    private static final long serialVersionUID = 1L;

    Unusable(String expected) {
      super(expected, null, false, false);
    }
  }
}
