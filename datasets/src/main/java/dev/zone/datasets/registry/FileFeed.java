package dev.zone.datasets.registry;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.zone.conf.DatasetSpec;
import dev.zone.conf.SplitSpec.Split;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.Table;
import dev.zone.datasets.admission.RowFindings;
import dev.zone.datasets.admission.RowSample;
import dev.zone.datasets.format.Pieces;
import dev.zone.datasets.format.Rejections;
import dev.zone.datasets.parquet.ParquetTables;
import dev.zone.datasets.profile.Profile;
import dev.zone.datasets.profile.RowHashes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.IntPredicate;

/** What comes of one file: pieces of its good rows are written, the others are set aside. */
final class FileFeed implements Pieces {
  private static final long MOST_REJECTED = 1_000_000;

  /** Of a row as it was written: longer ones are not mended by hand. */
  private static final int MOST_TEXT = 1 << 20;

  private final Origin file;
  private final DatasetSpec descriptor;
  private final Set<String> timestamps;
  private final Optional<FeedWriter> writer;
  private final Consumer<JsonObject> rejected;
  private final Reasons reasons = new Reasons();
  private final RowChecks checks;
  private final RowSample sample;

  /** Guards what several pieces add to. */
  private final Object lock = new Object();

  private final SortedMap<Integer, Part> parts = new TreeMap<>();
  private final Map<Integer, Integer> numbers = new LinkedHashMap<>();
  private final Profile profile = new Profile();

  /** Of pieces whose turn to be added has not come. */
  private final Map<Integer, Profile> waiting = new HashMap<>();

  private int added;
  private long rows;
  private long bad;

  /**
   * @param name of the file, without its folder
   * @param split that all its rows belong to, if the descriptor says so
   */
  record Origin(String name, String sha256, Optional<Split> split) {}

  /**
   * @param checks of all files of the feed
   * @param sample of the rows of all files of the feed
   * @param writer of the feed; empty if nothing is to be written
   * @param rejected takes the rows that are set aside, in order, as {@code rejected.jsonl} has them
   */
  FileFeed(
      Origin file,
      DatasetSpec descriptor,
      RowChecks checks,
      RowSample sample,
      Optional<FeedWriter> writer,
      Consumer<JsonObject> rejected) {
    this.file = file;
    this.descriptor = descriptor;
    this.timestamps = descriptor.timestamps();
    this.checks = checks;
    this.sample = sample;
    this.writer = writer;
    this.rejected = rejected;
  }

  @Override
  public void inOrder(Piece piece) {
    checks.check(piece);
    piece.complete();
    Rejections rejections = piece.rejections();
    int wrong = rejections.rows().size();
    if (bad == 0 && wrong > 0 && !rejections.header().isEmpty()) {
      rejected.accept(header(file.name(), rejections.header()));
    }
    for (Rejections.Rejected row : rejections.rows().values()) {
      reasons.add(row.reasons().get(0));
      rejected.accept(json(file.name(), row));
    }
    rows += piece.table().rows() - wrong;
    bad += wrong;
    if (bad > MOST_REJECTED) {
      throw ZoneException.user(
          "Cannot feed %s: more than %,d of its rows are wrong (expected the right file)"
              .formatted(file.name(), MOST_REJECTED));
    }
    if (wrong < piece.table().rows()) {
      writer.ifPresent(
          to -> {
            synchronized (lock) {
              numbers.put(piece.index(), to.nextNumber());
            }
          });
    }
  }

  @Override
  public void take(Piece piece) {
    Table table = piece.table();
    Set<Integer> wrong = piece.rejections().rows().keySet();
    IntPredicate right = wrong.isEmpty() ? row -> true : row -> !wrong.contains(row);
    long[] hashes =
        RowHashes.of(RowFindings.inputs(descriptor, table.columns()), timestamps, table.rows());
    Profile of = Profile.of(table, hashes, right);
    Integer number;
    synchronized (lock) {
      sample.add(table, hashes, right);
      waiting.put(piece.index(), of);
      for (Profile next = waiting.remove(added); next != null; next = waiting.remove(added)) {
        profile.add(next);
        added++;
      }
      number = numbers.remove(piece.index());
    }
    if (number != null) {
      Part part =
          writer
              .orElseThrow()
              .part(
                  number,
                  table.rows() - wrong.size(),
                  file.split(),
                  "parquet",
                  out -> ParquetTables.write(table, timestamps, right, out));
      synchronized (lock) {
        parts.put(piece.index(), part);
      }
    }
  }

  /** After all pieces: what was fed. */
  FedFile end() {
    FedFile fed = new FedFile(file.name(), file.sha256(), rows, bad);
    writer.ifPresent(to -> to.end(fed, new ArrayList<>(parts.values()), profile));
    return fed;
  }

  /** What the rows are like that were right. */
  Profile profile() {
    return profile;
  }

  /** Of rows that were set aside, as often as each was the first. */
  Reasons reasons() {
    return reasons;
  }

  private static JsonObject header(String file, String header) {
    JsonObject json = new JsonObject();
    json.addProperty("file", file);
    json.addProperty("header", header);
    return json;
  }

  private static JsonObject json(String file, Rejections.Rejected row) {
    JsonObject json = new JsonObject();
    json.addProperty("file", file);
    json.addProperty("where", row.where());
    JsonArray all = new JsonArray();
    row.reasons().forEach(all::add);
    json.add("reasons", all);
    if (!row.text().isEmpty() && row.text().length() <= MOST_TEXT) {
      json.addProperty("text", row.text());
    }
    return json;
  }
}
