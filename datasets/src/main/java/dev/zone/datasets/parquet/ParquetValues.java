package dev.zone.datasets.parquet;

/** Takes the values of a column, one a row. */
public interface ParquetValues {
  void missing();

  /** A number; of dates and timestamps the seconds since 1970-01-01T00:00Z. */
  void number(double value);

  void whole(long value);

  void truth(boolean value);

  void text(String value);

  /** Bytes that are no text. */
  void bytes(byte[] value);
}
