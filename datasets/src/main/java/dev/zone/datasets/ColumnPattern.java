package dev.zone.datasets;

import java.util.regex.Pattern;

/** A column's name in which {@code *} stands for any characters. */
public final class ColumnPattern {
  private final Pattern regex;

  public ColumnPattern(String text) {
    StringBuilder quoted = new StringBuilder();
    int from = 0;
    for (int star = text.indexOf('*'); star >= 0; star = text.indexOf('*', from)) {
      quoted.append(Pattern.quote(text.substring(from, star))).append(".*");
      from = star + 1;
    }
    regex =
        Pattern.compile(
            quoted.append(Pattern.quote(text.substring(from))).toString(), Pattern.DOTALL);
  }

  public static boolean isPattern(String text) {
    return text.indexOf('*') >= 0;
  }

  public boolean matches(String name) {
    return regex.matcher(name).matches();
  }
}
