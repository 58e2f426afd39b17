package dev.zone.conf.yaml;

/** The names that files and messages use. */
public final class YamlNames {
  private YamlNames() {}

  /** A constant's name in files: {@code MACRO_F1} is {@code macroF1}. */
  public static String of(Enum<?> constant) {
    return Types.name(constant);
  }

  /**
   * An alternative's name in files: {@code adam}, {@code standardise}; the key of an alternative
   * that is told by its key.
   */
  public static String of(Object alternative) {
    Class<?> type = alternative.getClass();
    return Types.byKey(type).orElseGet(() -> Types.name(type));
  }
}
