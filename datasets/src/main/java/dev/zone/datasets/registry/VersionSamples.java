package dev.zone.datasets.registry;

import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.admission.RowSample;
import dev.zone.datasets.storage.Storage;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Some rows of a dataset's newest version, beside the files of the feed that made it: the next feed
 * adds its own, so that what only rows tell is told of all feeds together. Older versions have what
 * was found in theirs, and need none.
 */
final class VersionSamples {
  private static final String FILE = "sample.gz";
  private static final int FORMAT = 1;

  private final Storage dataset;

  VersionSamples(Storage dataset) {
    this.dataset = dataset;
  }

  /**
   * A sample.
   *
   * @param rows of how many it is one: fewer than the version's if a feed left none
   */
  record Kept(long rows, RowSample sample) {}

  private static String file(String feed) {
    return FeedWriter.FEEDS + "/" + feed + "/" + FILE;
  }

  /**
   * Of a version and rows that go on top of it.
   *
   * @param rows how many go on top
   * @param sample of them
   */
  Kept join(Optional<Version> newest, long rows, RowSample sample) {
    RowSample all = new RowSample();
    Optional<Kept> before = newest.flatMap(this::of);
    before.ifPresent(kept -> all.add(kept.sample()));
    all.add(sample);
    return new Kept(before.map(Kept::rows).orElse(0L) + rows, all);
  }

  /** Empty if there is none that can be read; versions do not depend on it. */
  private Optional<Kept> of(Version version) {
    try (Storage.StoredFile file = dataset.open(file(version.feed().id()));
        DataInputStream in =
            new DataInputStream(new BufferedInputStream(new GZIPInputStream(file.bytes())))) {
      return in.readInt() == FORMAT
          ? Optional.of(new Kept(in.readLong(), RowSample.read(in)))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /**
   * Keeps a sample of the version that a feed is to make.
   *
   * @param columns that are kept
   * @throws ZoneException of the environment if it cannot be written
   */
  void write(String feed, Kept kept, Predicate<String> columns) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      try (DataOutputStream out =
          new DataOutputStream(new BufferedOutputStream(new GZIPOutputStream(bytes)))) {
        out.writeInt(FORMAT);
        out.writeLong(kept.rows());
        kept.sample().compact(columns).write(out);
      }
      dataset.replace(file(feed), bytes.toByteArray());
    } catch (IOException e) {
      throw ZoneException.environment(
          "Cannot write %s (%s)".formatted(dataset.place(file(feed)), e.getMessage()), e);
    }
  }

  /** Lets go of a version's, once there is a newer version that has its rows too. */
  void forget(Version version) {
    try {
      dataset.deleteTree(file(version.feed().id()));
    } catch (IOException e) {
      // It takes room and does no other harm.
    }
  }
}
