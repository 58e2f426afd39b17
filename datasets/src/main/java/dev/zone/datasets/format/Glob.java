package dev.zone.datasets.format;

import java.util.regex.Pattern;

/** Paths with {@code *} for any characters but '/', and {@code **} for any. */
final class Glob {
  private final String text;
  private final Pattern pattern;

  Glob(String text) {
    this.text = text;
    StringBuilder regex = new StringBuilder();
    int at = 0;
    while (at < text.length()) {
      if (text.startsWith("**/", at)) {
        regex.append("(?:.*/)?");
        at += 3;
      } else if (text.startsWith("**", at)) {
        regex.append(".*");
        at += 2;
      } else if (text.charAt(at) == '*') {
        regex.append("[^/]*");
        at++;
      } else {
        regex.append(Pattern.quote(text.substring(at, at + 1)));
        at++;
      }
    }
    pattern = Pattern.compile(regex.toString(), Pattern.DOTALL);
  }

  static boolean isGlob(String text) {
    return text.indexOf('*') >= 0;
  }

  boolean matches(String path) {
    return pattern.matcher(path).matches();
  }

  /** Whether a path component is written out in the pattern, not met by a wildcard. */
  boolean names(String component) {
    return text.contains(component);
  }

  /** The folders before the first wildcard, without a '/' at the end; empty if there are none. */
  String folder() {
    int star = text.indexOf('*');
    int slash = (star < 0 ? text : text.substring(0, star)).lastIndexOf('/');
    return slash < 0 ? "" : text.substring(0, slash);
  }
}
