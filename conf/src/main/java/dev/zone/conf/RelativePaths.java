package dev.zone.conf;

import java.util.List;

/** Paths that files name. */
public final class RelativePaths {
  private RelativePaths() {}

  /**
   * Whether a path, with '/' between its names, leads below the folder it is relative to, by its
   * text alone: not empty, not absolute, no {@code .} or {@code ..}, no backslash, colon or control
   * character.
   */
  public static boolean isSafe(String path) {
    return !path.isEmpty()
        && path.length() <= 1000
        && path.chars().noneMatch(c -> c == '\\' || c == ':' || Character.isISOControl(c))
        && List.of(path.split("/", -1)).stream()
            .noneMatch(name -> name.isEmpty() || name.equals(".") || name.equals(".."));
  }
}
