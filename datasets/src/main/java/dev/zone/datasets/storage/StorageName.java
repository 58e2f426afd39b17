package dev.zone.datasets.storage;

import dev.zone.conf.error.ZoneException;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;

/** The only names that a storage takes. */
final class StorageName {
  private static final Pattern SEGMENT =
      Pattern.compile(
          "[\\p{L}\\p{N}._=@+,()-](?:[\\p{L}\\p{N}._=@+,() -]{0,198}[\\p{L}\\p{N}._=@+,()-])?");
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

  /** A name beside a file's that nobody looks at, for as long as the file is being written. */
  static String begun(String segment) {
    String shown = segment.length() > 100 ? segment.substring(0, 100) : segment;
    return "." + shown + "." + UUID.randomUUID() + ".begun";
  }

  /** The name of a file beside another. */
  static String beside(String name, String segment) {
    int slash = name.lastIndexOf('/');
    return slash < 0 ? segment : name.substring(0, slash + 1) + segment;
  }

  /** The last segment. */
  static String last(String name) {
    return name.substring(name.lastIndexOf('/') + 1);
  }

  private static ZoneException refused(String name) {
    return ZoneException.user(
        "Cannot use name in a storage: "
            + name
            + " (expected segments of letters, digits, inner blanks and . _ = - @ + , ( ) below the root, with / between them)");
  }
}
