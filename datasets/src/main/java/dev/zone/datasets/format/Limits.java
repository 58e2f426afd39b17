package dev.zone.datasets.format;

/**
 * What files may ask of this machine. A file beyond a limit is refused, never half read.
 *
 * @param entryBytes of one zip or tar entry, or variable of a MATLAB file, unpacked
 * @param archiveBytes of all entries of one zip or tar, unpacked
 * @param entries of one zip or tar, or files of one folder
 * @param ratio unpacked to packed bytes of a zip entry, variable or tar, looked at from {@code
 *     ratioFromBytes} on
 * @param ratioFromBytes unpacked bytes; small entries of equal bytes may well be packed a thousand
 *     times smaller
 * @param fieldChars of one field of delimited text
 * @param columns of delimited text, or variables of a MATLAB file
 * @param pixels of one image
 * @param chunkBytes of text that one thread reads at a time; no row may be longer
 */
public record Limits(
    long entryBytes,
    long archiveBytes,
    int entries,
    int ratio,
    long ratioFromBytes,
    int fieldChars,
    int columns,
    int pixels,
    int chunkBytes) {
  /** Room for the largest industrial files, none for bombs. */
  public static final Limits DEFAULT =
      new Limits(
          8L << 30, 32L << 30, 2_000_000, 500, 64L << 20, 1 << 20, 100_000, 1 << 26, 1 << 25);

  /** The same with pieces of text of another size. */
  public Limits withChunkBytes(int bytes) {
    return new Limits(
        entryBytes,
        archiveBytes,
        entries,
        ratio,
        ratioFromBytes,
        fieldChars,
        columns,
        pixels,
        bytes);
  }
}
