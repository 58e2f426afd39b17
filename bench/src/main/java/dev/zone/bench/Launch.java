package dev.zone.bench;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A process to start and how to read from it.
 *
 * @param command with its arguments
 * @param environment over this process's, from which thread counts are taken out before
 * @param steps what says how far it is
 */
record Launch(List<String> command, Map<String, String> environment, StepSource steps) {
  Launch {
    command = List.copyOf(command);
    environment = new TreeMap<>(environment);
  }
}
