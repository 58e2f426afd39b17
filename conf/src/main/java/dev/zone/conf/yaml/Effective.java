package dev.zone.conf.yaml;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Every value of a bound file, those that the file does not say included. */
public final class Effective {
  /**
   * One value.
   *
   * @param path such as {@code centres.hall.deployMode}
   * @param value as files write it
   * @param where the place in the file; empty for a default
   */
  public record Value(String path, String value, Optional<String> where) {}

  private final Locations locations;
  private final List<Value> values = new ArrayList<>();

  private Effective(Locations locations) {
    this.locations = locations;
  }

  /**
   * The values in the order of the record's keys. A list of plain values is one value; a key that
   * is not given and has no default is left out.
   */
  public static List<Value> of(Bound<? extends Record> bound) {
    Effective effective = new Effective(bound.locations());
    effective.add("", bound.value());
    return effective.values;
  }

  private void add(String path, Object value) {
    if (value instanceof Optional<?> optional) {
      optional.ifPresent(present -> add(path, present));
    } else if (value instanceof Record record && !Types.isScalar(record.getClass())) {
      for (RecordComponent component : record.getClass().getRecordComponents()) {
        add(join(path, component.getName()), Types.valueOf(record, component));
      }
    } else if (value instanceof Map<?, ?> map && !map.isEmpty()) {
      map.forEach((key, element) -> add(join(path, key.toString()), element));
    } else if (value instanceof List<?> list
        && list.stream().anyMatch(one -> one instanceof Record)) {
      for (int i = 0; i < list.size(); i++) {
        add(join(path, Integer.toString(i)), list.get(i));
      }
    } else {
      values.add(new Value(path, text(value), locations.given(path)));
    }
  }

  private static String text(Object value) {
    if (value instanceof Enum<?> constant) {
      return Types.name(constant);
    }
    if (value instanceof List<?> list) {
      return "[" + String.join(", ", list.stream().map(Effective::text).toList()) + "]";
    }
    return value instanceof Map<?, ?> ? "{}" : value.toString();
  }

  private static String join(String path, String key) {
    return path.isEmpty() ? key : path + "." + key;
  }
}
