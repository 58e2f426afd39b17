package dev.zone.datasets.export;

/** What a version may be exported as. */
public enum ExportFormat {
  /** The version's own files. */
  PARQUET,
  /** Text by RFC 4180 in UTF-8, with a header; timestamps as ISO 8601. Not for arrays. */
  CSV,
  /** An array a column: doubles, texts, arrays as they lie; timestamps as seconds since 1970. */
  NPZ
}
