package dev.zone.conf.error;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Gathers all faults of an input, so that a user mends them in one go. Keeps at most {@link
 * #LIMIT}; counts the rest.
 */
public final class Problems {
  /** More than a person reads; bounds what a hostile file can make us keep. */
  public static final int LIMIT = 100;

  private final Set<Problem> found = new LinkedHashSet<>();
  private int omitted;

  public void add(String where, String message) {
    add(new Problem(where, message));
  }

  public void add(Problem problem) {
    if (found.size() < LIMIT) {
      found.add(problem);
    } else if (!found.contains(problem)) {
      omitted++;
    }
  }

  public void addAll(Problems others) {
    others.found.forEach(this::add);
    omitted += others.omitted;
  }

  public boolean isEmpty() {
    return found.isEmpty();
  }

  public int count() {
    return found.size() + omitted;
  }

  public List<Problem> list() {
    return List.copyOf(found);
  }

  /** Problems beyond {@link #LIMIT}, which were counted but not kept. */
  public int omitted() {
    return omitted;
  }

  /**
   * @throws InvalidInputException if there are any
   */
  public void throwIfAny() {
    if (!isEmpty()) {
      throw new InvalidInputException(new ArrayList<>(found), omitted);
    }
  }
}
