package dev.zone.conf.yaml;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where the values of a bound file stand, by path: {@code training.batchSize}, {@code
 * inputs.0.transforms.1.clip.low}.
 */
public final class Locations {
  private final String root;
  private final Map<String, String> places;
  private final Set<String> unusable;

  /**
   * @param unusable paths of values that something else stands for
   */
  Locations(String root, Map<String, String> places, Set<String> unusable) {
    this.root = root;
    this.places = Map.copyOf(places);
    this.unusable = Set.copyOf(unusable);
  }

  /** For values that no file says: every path is the one place. */
  public static Locations unknown(String name) {
    return new Locations(name, Map.of(), Set.of());
  }

  /** The place where the file says the value; empty if the file does not say it. */
  public Optional<String> given(String path) {
    return Optional.ofNullable(places.get(path));
  }

  /**
   * Whether the value is what the file says, or what holds if it says nothing: no part of it had to
   * be left out, as {@link YamlBinder#readBesideProblems} does.
   */
  public boolean isSound(String path) {
    return unusable.stream()
        .noneMatch(
            one -> one.equals(path) || one.startsWith(path + ".") || path.startsWith(one + "."));
  }

  /** The value's place; of a value that is not written, the place of what would hold it. */
  public String of(String path) {
    String at = path;
    while (!at.isEmpty()) {
      String place = places.get(at);
      if (place != null) {
        return place;
      }
      at = at.substring(0, Math.max(0, at.lastIndexOf('.')));
    }
    return root;
  }
}
