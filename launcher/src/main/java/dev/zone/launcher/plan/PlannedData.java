package dev.zone.launcher.plan;

import dev.zone.conf.PlanSpec;
import dev.zone.conf.PlanSpec.PlannedFile;
import dev.zone.conf.error.Problems;
import dev.zone.datasets.format.DatasetFiles;
import dev.zone.datasets.format.Digests;
import dev.zone.datasets.format.ResolvedFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Whether the data of a plan are still what they were. */
final class PlannedData {
  private static final String STORED = "[a-z][a-z0-9+.-]*://.*";

  private PlannedData() {}

  /**
   * Adds a problem for every file that is gone, new or different. Data on a storage that is not
   * mounted are left to the application, which checks them when it fetches them: they were sent
   * there under their digest.
   *
   * @param place where they are to be now: a folder, or a URI such as {@code hdfs://…}
   * @param cannot what the problems begin with, such as {@code "Cannot resume x: "}
   */
  static void check(
      PlanSpec plan, String place, Digests digests, String cannot, Problems problems) {
    if (place.matches(STORED)) {
      return;
    }
    Path root = Path.of(place);
    if (!Files.isDirectory(root)) {
      problems.add(
          "",
          cannot
              + "the data of "
              + plan.dataset().name()
              + " are not at "
              + root
              + " any more (expected the folder that the plan names; --data "
              + plan.dataset().name().path()
              + "=DIR names another)");
      return;
    }
    Problems found = new Problems();
    Map<String, ResolvedFile> there = new TreeMap<>();
    DatasetFiles.resolve(plan.dataset(), root, digests, found)
        .forEach(file -> there.put(file.name(), file));
    problems.addAll(found);
    for (PlannedFile planned : plan.files()) {
      ResolvedFile file = there.remove(planned.path());
      if (file == null && found.isEmpty()) {
        problems.add("", cannot + root.resolve(planned.path()) + " is gone (expected as planned)");
      } else if (file != null && !file.sha256().equals(planned.sha256())) {
        problems.add(
            "",
            "%s%s has SHA-256 %s (expected %s, as planned)"
                .formatted(cannot, file.path(), file.sha256(), planned.sha256()));
      }
    }
    there
        .values()
        .forEach(
            added ->
                problems.add("", cannot + added.path() + " is new (expected the planned files)"));
  }
}
