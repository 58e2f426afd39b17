package dev.zone.datasets.registry;

/** Ends the reading of a file whose columns are not those of the dataset; the message says how. */
@SuppressWarnings("serial") // Caught in this package.
final class OtherColumns extends RuntimeException {
  OtherColumns(String message) {
    super(message, null, false, false);
  }
}
