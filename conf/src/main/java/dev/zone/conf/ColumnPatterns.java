package dev.zone.conf;

/** Names of columns in which {@code *} stands for any characters, none included. */
public final class ColumnPatterns {
  private ColumnPatterns() {}

  public static boolean isPattern(String name) {
    return name.indexOf('*') >= 0;
  }

  /** Whether the name is one that the pattern stands for. */
  public static boolean matches(String pattern, String name) {
    int p = 0;
    int n = 0;
    int star = -1; // the last '*' seen in the pattern, and how far in the name it reaches
    int reach = 0;
    while (n < name.length()) {
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        star = p++;
        reach = n;
      } else if (p < pattern.length() && pattern.charAt(p) == name.charAt(n)) {
        p++;
        n++;
      } else if (star >= 0) {
        p = star + 1;
        n = ++reach;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }

  /** Whether there is a name that both patterns stand for. */
  public static boolean overlap(String a, String b) {
    boolean[][] reached = new boolean[a.length() + 1][b.length() + 1];
    reached[0][0] = true;
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        boolean aStar = i > 0 && a.charAt(i - 1) == '*';
        boolean bStar = j > 0 && b.charAt(j - 1) == '*';
        if (aStar || bStar) {
          // A '*' takes nothing, or one more character of the other.
          reached[i][j] = i > 0 && reached[i - 1][j] || j > 0 && reached[i][j - 1];
        } else if (i > 0 && j > 0) {
          reached[i][j] = reached[i - 1][j - 1] && a.charAt(i - 1) == b.charAt(j - 1);
        }
      }
    }
    return reached[a.length()][b.length()];
  }
}
