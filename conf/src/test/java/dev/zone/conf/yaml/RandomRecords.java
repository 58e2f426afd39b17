package dev.zone.conf.yaml;

import dev.zone.conf.DataSize;
import dev.zone.conf.DatasetName;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Makes records that the annotations allow, all alternatives and Optionals among them. */
final class RandomRecords {
  private static final List<String> TEXTS =
      List.of(
          "maps",
          "Air temperature [K]",
          "",
          " leading",
          "null",
          "true",
          "3",
          "1e5",
          "- a",
          "a: b",
          "a #b",
          "*",
          "&x",
          "!t",
          "'",
          "\"quoted\"",
          "back\\slash",
          "line\nbreak\ttab",
          "\u0007",
          "Größe",
          "晶圆",
          "\uD83D\uDE97",
          "\u2028",
          "\uFEFFx",
          "yes",
          "~",
          "{a}",
          "[b]",
          "%",
          "@",
          "a,b",
          ": ",
          "trailing ");

  private final Random random;

  RandomRecords(long seed) {
    this.random = new Random(seed);
  }

  <T> T next(Class<T> type) {
    return type.cast(value(type, Limits.NONE));
  }

  private Object value(Type type, Limits limits) {
    Class<?> raw = Types.raw(type);
    if (raw == Optional.class) {
      return random.nextInt(3) == 0
          ? Optional.empty()
          : Optional.of(value(Types.argument(type, 0), limits));
    }
    if (raw == List.class) {
      List<Object> list = new ArrayList<>();
      for (int i = size(limits); i > 0; i--) {
        list.add(value(Types.argument(type, 0), limits.ofElements()));
      }
      return list;
    }
    if (raw == Map.class) {
      Map<Object, Object> map = new LinkedHashMap<>();
      int size = size(limits);
      while (map.size() < size) {
        map.put(
            value(Types.argument(type, 0), Limits.NONE),
            value(Types.argument(type, 1), limits.ofElements()));
      }
      return map;
    }
    if (Types.isChoice(raw)) {
      List<Class<?>> alternatives = Types.alternatives(raw);
      return value(alternatives.get(random.nextInt(alternatives.size())), Limits.NONE);
    }
    return raw.isRecord() && !Types.isScalar(raw) ? record(raw) : scalar(raw, limits);
  }

  private int size(Limits limits) {
    int min = limits.size().map(Size::min).orElse(0);
    int max = Math.min(limits.size().map(Size::max).orElse(3), min + 2);
    return min + random.nextInt(max - min + 1);
  }

  private Object record(Class<?> type) {
    RecordComponent[] components = type.getRecordComponents();
    Object[] values =
        Arrays.stream(components).map(c -> value(c.getGenericType(), Limits.of(c))).toArray();
    for (int i = 0; i < components.length; i++) {
      if (type.getSimpleName().equals("PlannedFile") && components[i].getName().equals("path")) {
        values[i] = "a folder/file-" + random.nextInt(9) + ".csv";
      }
    }
    try {
      Constructor<?> constructor =
          type.getDeclaredConstructor(
              Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private Object scalar(Class<?> type, Limits limits) {
    if (type.isEnum()) {
      return type.getEnumConstants()[random.nextInt(type.getEnumConstants().length)];
    }
    if (Types.isFlag(type)) {
      return random.nextBoolean();
    }
    if (type == DataSize.class) {
      return new DataSize(random.nextLong(1L << 50) >> random.nextInt(50));
    }
    if (type == DatasetName.class) {
      return DatasetName.parse(random.nextBoolean() ? "chip/wm811k" : "vehicle/gtsrb@12");
    }
    if (type == String.class) {
      return limits.matches().map(this::matching).orElseGet(this::text);
    }
    double min = Math.max(limits.range().map(Range::min).orElse(-1e6), -1e6);
    double max = Math.min(limits.range().map(Range::max).orElse(1e6), 1e6);
    double number = min + (max - min) * (0.01 + 0.98 * random.nextDouble());
    if (Types.isFraction(type)) {
      return number;
    }
    return type == long.class || type == Long.class
        ? (Object) (long) Math.floor(number)
        : (Object) (int) Math.max(min, Math.floor(number));
  }

  private String text() {
    return TEXTS.get(random.nextInt(TEXTS.size()));
  }

  private String matching(Matches matches) {
    List<String> candidates =
        List.of(
            "0123456789abcdef".repeat(4),
            "a-name.1",
            ";",
            ".",
            "whitespace",
            "2026-01-31T12:00:00.123456Z",
            "-onednn-avx2",
            "hdfs://namenode:8020/zone");
    return candidates.stream()
        .filter(candidate -> candidate.matches(matches.value()))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("Add a text like " + matches.value()));
  }
}
