package dev.zone.datasets.storage;

import dev.zone.conf.error.ZoneException;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;

/** The only names that a storage takes. */
final class StorageName {
  private static final Pattern SEGMENT = Pattern.compile("[A-Za-z0-9._=-]{1,200}");
  private static final int LONGEST = 1000;

  private StorageName() {}

  /** The segments of a name; none for the root. */
  static List<String> segments(String name) {
    if (name.isEmpty()) {
      return List.of();
    }
    if (name.length() > LONGEST) {
      throw refused(name.substring(0, 100) + "…");
    }
    List<String> segments = List.of(name.split("/", -1));
    for (String segment : segments) {
      if (!SEGMENT.matcher(segment).matches() || segment.equals(".") || segment.equals("..")) {
        throw refused(name);
      }
    }
    return segments;
  }

  /** As {@link #segments}, and not the root. */
  static List<String> below(String name) {
    List<String> segments = segments(name);
    if (segments.isEmpty()) {
      throw refused("the root itself");
    }
    return segments;
  }

  /** A name beside a folder's that nobody looks at, for as long as the folder is being removed. */
  static String doomed(String segment) {
    return "." + segment + "." + UUID.randomUUID() + ".deleted";
  }

  private static ZoneException refused(String name) {
    return ZoneException.user(
        "Cannot use name in a storage: "
            + name
            + " (expected segments of letters, digits and . _ = - below the root, with / between them)");
  }
}
