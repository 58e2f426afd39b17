package dev.zone.conf;

import dev.zone.conf.yaml.Doc;
import dev.zone.conf.yaml.Scalar;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An amount of memory or storage, written {@code 512m}, {@code 3g}; units are powers of 1024. */
@Scalar
@Doc("size such as `512m` or `3g`, in powers of 1024")
public record DataSize(long bytes) implements Comparable<DataSize> {
  private static final Pattern TEXT =
      Pattern.compile("(\\d{1,18})\\s*([kmgt]?)(?:i?b)?", Pattern.CASE_INSENSITIVE);

  public DataSize {
    if (bytes < 0) {
      throw new IllegalArgumentException("Cannot have a negative size: " + bytes);
    }
  }

  public static DataSize parse(String text) {
    Matcher matcher = TEXT.matcher(text.trim());
    if (!matcher.matches()) {
      throw new IllegalArgumentException("expected a size such as 512m or 3g");
    }
    int shift =
        switch (matcher.group(2).toLowerCase(Locale.ROOT)) {
          case "k" -> 10;
          case "m" -> 20;
          case "g" -> 30;
          case "t" -> 40;
          default -> 0;
        };
    long number = Long.parseLong(matcher.group(1));
    if (number > Long.MAX_VALUE >> shift) {
      throw new IllegalArgumentException("expected a size such as 512m or 3g");
    }
    return new DataSize(number << shift);
  }

  public static DataSize ofMebibytes(long mebibytes) {
    return new DataSize(mebibytes << 20);
  }

  public long mebibytes() {
    return bytes >> 20;
  }

  @Override
  public int compareTo(DataSize other) {
    return Long.compare(bytes, other.bytes);
  }

  @Override
  public String toString() {
    String units = "tgmk";
    for (int i = 0; i < units.length(); i++) {
      int shift = 40 - 10 * i;
      if (bytes != 0 && (bytes & ((1L << shift) - 1)) == 0) {
        return (bytes >> shift) + units.substring(i, i + 1);
      }
    }
    return Long.toString(bytes);
  }
}
