package dev.zone.conf;

import dev.zone.conf.error.Names;
import dev.zone.conf.error.Problems;
import dev.zone.conf.yaml.Locations;
import java.util.Collection;

/** Where rules put what they find: each problem with its value's place. */
record Rules(Locations at, Problems problems) {
  /** Reports a value that does not do. */
  void refuse(String path, Object value, String expected) {
    refuse(path, value, expected, "");
  }

  /** Reports a name that is none of the known ones. */
  void refuseName(String path, String name, String expected, Collection<String> known) {
    refuse(path, name, expected, Names.suggestion(name, known));
  }

  private void refuse(String path, Object value, String expected, String suggestion) {
    problems.add(
        at.of(path),
        "Cannot use " + path + ": " + value + " (expected " + expected + ")" + suggestion);
  }
}
