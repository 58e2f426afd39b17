package dev.zone.datasets.registry;

import dev.zone.conf.DatasetSpec;
import dev.zone.conf.SourceSpec.FileSpec;
import dev.zone.conf.error.Problems;
import dev.zone.datasets.format.Limits;
import dev.zone.datasets.format.Pieces;
import dev.zone.datasets.storage.PlacedFile;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Files are read by threads of this process; those of other machines are copied here first. */
final class ReadingHere extends FeedReading {
  private final Limits limits;

  ReadingHere(Limits limits) {
    this.limits = limits;
  }

  @Override
  FeedReading together() {
    return this;
  }

  @Override
  Offered look(PlacedFile file, DatasetSpec descriptor, FileSpec entry) throws IOException {
    String stamp = file.stamp();
    FileDigest digest =
        file.isFolder() ? FileDigest.of(file.local(), file.files()) : FileDigest.of(file.local());
    return new Offered(file, stamp, digest, entry, Optional.empty());
  }

  @Override
  Offered lookAgain(Offered file, DatasetSpec descriptor, FileSpec entry) {
    return file.again(entry, Optional.empty());
  }

  @Override
  void read(FeedAttempt attempt, List<Reading> files, RowChecks checks, Problems problems) {
    for (Reading each : files) {
      read(attempt, each, checks, problems);
    }
  }

  void read(FeedAttempt attempt, Reading each, RowChecks checks, Problems problems) {
    checks.begin();
    Offered file = each.file();
    Pieces rows = attempt.progress().watch(file.name(), each.rows());
    try {
      readHere(file, attempt.descriptor(), limits, rows, problems);
    } catch (OtherColumns e) {
      problems.add(file.name(), e.getMessage());
    }
    // What changes after this is of no matter: rows and digest are there.
    String unused = file.sha256();
    requireUnchanged(file, problems);
  }
}
