package dev.zone.conf;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

final class Copies {
  private Copies() {}

  /**
   * An unmodifiable copy that keeps the order: the order of a file's keys is the order of columns
   * and classes.
   */
  static <K, V> Map<K, V> ordered(Map<K, V> map) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }
}
