package dev.zone.datasets.format;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.zone.conf.ColumnSpec.RemainingLife;
import dev.zone.conf.SourceSpec.BesideSpec;
import dev.zone.conf.SourceSpec.FileSpec;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/**
 * Specs as JSON for digests: two are equal exactly if their text is. The order of maps counts, as
 * it does in a file of columns and classes.
 */
public final class Canonical {
  private Canonical() {}

  /** The JSON text of a record, a collection, a map, or a plain value. */
  public static String text(Object value) {
    return json(value).toString();
  }

  private static JsonElement json(Object value) {
    if (value instanceof Optional<?> optional) {
      JsonArray array = new JsonArray();
      optional.ifPresent(each -> array.add(json(each)));
      return array;
    }
    if (value instanceof Map<?, ?> map) {
      JsonArray array = new JsonArray();
      map.forEach(
          (key, each) -> {
            array.add(json(key));
            array.add(json(each));
          });
      return array;
    }
    if (value instanceof Collection<?> collection) {
      JsonArray array = new JsonArray();
      collection.forEach(each -> array.add(json(each)));
      return array;
    }
    if (value instanceof Record each) {
      return record(each);
    }
    if (value instanceof Enum<?> constant) {
      return new JsonPrimitive(constant.name());
    }
    return new JsonPrimitive(value.toString());
  }

  private static JsonElement record(Record value) {
    JsonObject object = new JsonObject();
    // Alternatives of a choice may have equal components.
    object.addProperty("", value.getClass().getSimpleName());
    for (RecordComponent component : value.getClass().getRecordComponents()) {
      if ((value instanceof FileSpec || value instanceof BesideSpec)
          && component.getName().equals("url")) {
        // Where a file is to be had says nothing of what is in it.
        continue;
      }
      if (value instanceof RemainingLife life
          && component.getName().equals("given")
          && !life.given()) {
        // What was prepared before there was such a key stays what it was.
        continue;
      }
      try {
        object.add(component.getName(), json(component.getAccessor().invoke(value)));
      } catch (IllegalAccessException | InvocationTargetException e) {
        throw new IllegalStateException("Cannot read " + component, e);
      }
    }
    return object;
  }
}
