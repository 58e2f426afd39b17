package dev.zone.datasets.parquet;

/** A file that is no Parquet table, or none that can be read here; the message says why. */
public final class ParquetException extends Exception {
  private static final long serialVersionUID = 1L;

  ParquetException(String message, Throwable cause) {
    super(message, cause);
  }
}
