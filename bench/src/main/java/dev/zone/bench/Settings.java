package dev.zone.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What measurements are told.
 *
 * @param root of the repository, built
 * @param rounds that contestants take turns in
 * @param seconds for which a usual contestant trains in a round
 * @param minutes that a measurement over time takes
 * @param data folder of real data, {@code <domain>/<dataset>} below; empty if there are none
 * @param only beginnings of the names of the contestants that take part; all if empty
 */
record Settings(
    Path root, int rounds, double seconds, double minutes, Optional<Path> data, List<String> only) {
  Settings {
    only = List.copyOf(only);
  }

  /**
   * Those of a measurement in a worker's JVM.
   *
   * @param arguments the repository, how many rounds, and the folder of real data if there is one
   * @param seconds of a round
   */
  static Settings ofWorker(String[] arguments, double seconds) {
    return new Settings(
        Path.of(arguments[0]),
        Integer.parseInt(arguments[1]),
        seconds,
        0,
        Stream.of(arguments).skip(2).findFirst().map(Path::of),
        List.of());
  }

  /** Where measurements leave what they make; may be deleted. */
  Path work() {
    return root.resolve("bench/target/work");
  }

  /** The command of the distribution that was built. */
  Path zone() {
    return root.resolve("launcher/target/zone/bin/zone");
  }

  /** The command of the clone, which builds itself where it has to. */
  Path cloned() {
    return root.resolve("zone");
  }

  boolean takesPart(String contestant) {
    return only.isEmpty() || only.stream().anyMatch(contestant::startsWith);
  }
}
