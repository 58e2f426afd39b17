package dev.zone.datasets.format;

/** A row of delimited text as it was written, but for blanks between fields. */
final class RowText {
  private static final int SHORTEST = 256;

  private final char separator;
  private final StringBuilder text = new StringBuilder(SHORTEST);

  /**
   * @param separator one character, or the word for any run of blanks
   */
  RowText(String separator) {
    this.separator = separator.length() == 1 ? separator.charAt(0) : ' ';
  }

  /** Adds a field; the first begins another row. */
  void add(int index, char[] field, int from, int length, boolean quoted) {
    if (index == 0) {
      text.setLength(0);
    } else {
      text.append(separator);
    }
    if (!quoted) {
      text.append(field, from, length);
      return;
    }
    text.append('"');
    for (int i = from; i < from + length; i++) {
      if (field[i] == '"') {
        text.append('"');
      }
      text.append(field[i]);
    }
    text.append('"');
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
