package dev.zone.bench;

/** One case. */
@FunctionalInterface
interface Measurement {
  Section measure(Settings settings) throws Exception;
}
