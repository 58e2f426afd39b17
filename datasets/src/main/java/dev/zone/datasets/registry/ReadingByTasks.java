package dev.zone.datasets.registry;

import dev.zone.conf.DatasetSpec;
import dev.zone.conf.SourceSpec.FileSpec;
import dev.zone.conf.error.Problems;
import dev.zone.datasets.format.Digests;
import dev.zone.datasets.format.FilePiece;
import dev.zone.datasets.format.FilePlan;
import dev.zone.datasets.format.Limits;
import dev.zone.datasets.registry.FeedTask.What;
import dev.zone.datasets.storage.PlacedFile;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Files are read piece by piece by tasks. What looks beyond a piece is decided here, in the order
 * of the rows: where a descriptor has such checks, the pieces are read twice, first for what the
 * checks look at. Files that cannot be cut are a piece each; with such checks they are read here.
 */
final class ReadingByTasks extends FeedReading {
  /** About what is told of a piece: its profile and sample. */
  private static final long OUTCOME_BYTES = 4L << 20;

  /** Keys, groups and values of a piece of short rows, in its own size. */
  private static final int CHECKS_OF_A_PIECE = 3;

  private final FeedTasks tasks;
  private final Limits limits;
  private final ReadingHere here;

  ReadingByTasks(FeedTasks tasks, Limits limits) {
    this.tasks = tasks;
    this.limits = limits;
    this.here = new ReadingHere(limits);
  }

  /** A piece of one of the files. */
  private record Unit(Reading reading, FilePiece piece) {}

  @Override
  FeedReading together() {
    return here;
  }

  @Override
  Offered look(PlacedFile file, DatasetSpec descriptor, FileSpec entry) throws IOException {
    String stamp = file.stamp();
    MessageDigest digest = Digests.sha256();
    FilePlan plan =
        pieces(descriptor, entry, file, limits).plan(file, digest, tasks::requireWanted);
    return new Offered(
        file,
        stamp,
        FileDigest.of(HexFormat.of().formatHex(digest.digest())),
        entry,
        Optional.of(plan));
  }

  @Override
  Offered lookAgain(Offered file, DatasetSpec descriptor, FileSpec entry) {
    // Each entry has pieces of its own; the digest of this pass is that of the first.
    FilePlan plan =
        pieces(descriptor, entry, file.file(), limits)
            .plan(file.file(), Digests.sha256(), tasks::requireWanted);
    return file.again(entry, Optional.of(plan));
  }

  @Override
  void read(FeedAttempt attempt, List<Reading> files, RowChecks checks, Problems problems) {
    if (attempt.columns().areUndecided()) {
      decideColumns(attempt, units(files));
    }
    List<Reading> batch = new ArrayList<>();
    for (Reading each : files) {
      if (checks.areAny() && !plan(each).isCut()) {
        readBatch(attempt, batch, checks, problems);
        batch.clear();
        here.read(attempt, each, checks, problems);
      } else {
        batch.add(each);
      }
    }
    readBatch(attempt, batch, checks, problems);
    Set<String> kept = new HashSet<>();
    files.forEach(each -> kept.addAll(each.feed().paths()));
    attempt.writer().ifPresent(writer -> writer.keepOnly(kept));
  }

  private static FilePlan plan(Reading reading) {
    return reading.file().plan().orElseThrow();
  }

  private void readBatch(
      FeedAttempt attempt, List<Reading> files, RowChecks checks, Problems problems) {
    List<Unit> units = units(files);
    Joining joining = new Joining(attempt, files, problems);
    Iterator<Unit> joined = units.iterator();
    try (DecidedObjections objections = new DecidedObjections()) {
      if (checks.areAny()) {
        decide(attempt, units, checks, objections);
      }
      tasks.run(
          tasks(attempt, What.ROWS, units, objections::next),
          OUTCOME_BYTES,
          answer -> joining.add(joined.next(), PieceOutcome.of(FeedTask.content(answer))));
    }
    joining.end();
  }

  private static List<Unit> units(List<Reading> files) {
    List<Unit> units = new ArrayList<>();
    files.forEach(each -> plan(each).pieces().forEach(piece -> units.add(new Unit(each, piece))));
    return units;
  }

  /** Pieces are written at the same time: the first one's columns are to be known before. */
  private void decideColumns(FeedAttempt attempt, List<Unit> units) {
    FeedColumns columns = attempt.columns();
    Iterator<byte[]> all = tasks(attempt, What.COLUMNS, units, Objections::new);
    tasks.run(
        new Iterator<>() {
          @Override
          public boolean hasNext() {
            return columns.areUndecided() && all.hasNext();
          }

          @Override
          public byte[] next() {
            return all.next();
          }
        },
        OUTCOME_BYTES,
        answer -> columns.decide(FeedTask.columns(FeedTask.content(answer))));
  }

  /** Finds what is to be set aside of each piece for what stands in others. */
  private void decide(
      FeedAttempt attempt, List<Unit> units, RowChecks checks, DecidedObjections objections) {
    Reading[] last = new Reading[1];
    Iterator<Unit> decided = units.iterator();
    tasks.run(
        tasks(attempt, What.CHECKS, units, Objections::new),
        (long) CHECKS_OF_A_PIECE * limits.chunkBytes(),
        answer -> {
          Reading of = decided.next().reading();
          if (of != last[0]) {
            checks.begin();
            last[0] = of;
          }
          byte[] values = FeedTask.content(answer);
          // Of a piece that is wrong or has no rows there is nothing.
          objections.add(
              values.length == 0 ? new Objections() : checks.decide(CheckValues.of(values)));
        });
  }

  /**
   * @param objections gives those to the rows of each piece, in order
   */
  private Iterator<byte[]> tasks(
      FeedAttempt attempt, What what, List<Unit> units, Supplier<Objections> objections) {
    return new Iterator<>() {
      private int next;

      @Override
      public boolean hasNext() {
        return next < units.size();
      }

      @Override
      public byte[] next() {
        Unit unit = units.get(next++);
        return new FeedTask(
                what,
                attempt.dataset().folder().place(""),
                attempt.dataset().descriptor(),
                attempt.writer().map(FeedWriter::id),
                new FeedTask.Source(
                    unit.reading().file().file().place(),
                    attempt.descriptor().source().files().indexOf(unit.reading().file().entry())),
                unit.piece(),
                limits.chunkBytes(),
                attempt.sample().largest(),
                objections.get(),
                attempt.columns().names())
            .toBytes();
      }
    };
  }

  /** Puts together what came of pieces, in their order. */
  private static final class Joining {
    private final FeedAttempt attempt;
    private final Iterator<Reading> files;
    private final Problems problems;
    private Reading file;
    private Problems ofFile = new Problems();
    private long records;

    /** Of the file: that its columns are others, and nothing else of it matters. */
    private boolean others;

    Joining(FeedAttempt attempt, List<Reading> files, Problems problems) {
      this.attempt = attempt;
      this.files = files.iterator();
      this.problems = problems;
    }

    void add(Unit unit, PieceOutcome outcome) {
      while (file != unit.reading()) {
        endFile();
        file = files.next();
      }
      if (others || plan(file).endsWithAWrongPiece() && !ofFile.isEmpty()) {
        return;
      }
      if (outcome.otherColumns().isPresent()) {
        others = true;
        ofFile = new Problems();
        ofFile.add(file.file().name(), outcome.otherColumns().get());
        return;
      }
      records += outcome.records();
      outcome.problems().forEach(ofFile::add);
      file.feed().add(outcome, attempt::setAside);
      attempt.progress().read(file.file().name(), file.feed().read());
    }

    void end() {
      endFile();
      while (files.hasNext()) {
        file = files.next();
        endFile();
      }
    }

    private void endFile() {
      if (file == null) {
        return;
      }
      if (!others) {
        plan(file).end(file.file().name(), records, ofFile);
      }
      problems.addAll(ofFile);
      requireUnchanged(file.file(), problems);
      ofFile = new Problems();
      records = 0;
      others = false;
    }
  }
}
