package dev.zone.datasets.transform;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * A feature, a channel of an image, or a column of a window.
 *
 * @param name for people
 * @param categories names of the categories in the order of their codes; empty if the field holds
 *     numbers
 */
public record Field(String name, List<String> categories) {
  public Field {
    requireNonNull(name, "name is null");
    categories = List.copyOf(categories);
  }

  /** A field of numbers. */
  public static Field number(String name) {
    return new Field(name, List.of());
  }

  public boolean isCategory() {
    return !categories.isEmpty();
  }
}
