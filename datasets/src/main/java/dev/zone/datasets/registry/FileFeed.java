package dev.zone.datasets.registry;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.zone.conf.DatasetSpec;
import dev.zone.conf.SplitSpec.Split;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.format.Pieces;
import dev.zone.datasets.format.Rejections;
import dev.zone.datasets.parquet.ParquetTables;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** What comes of one file: pieces of its good rows are written, the others are set aside. */
final class FileFeed implements Pieces {
  private static final long MOST_REJECTED = 1_000_000;

  private final Origin file;
  private final Set<String> timestamps;
  private final Optional<FeedWriter> writer;
  private final Consumer<JsonObject> rejected;
  private final Map<String, Integer> reasons = new LinkedHashMap<>();
  private final SortedMap<Integer, Part> parts = new TreeMap<>();
  private final Map<Integer, Integer> numbers = new LinkedHashMap<>();
  private long rows;
  private long bad;

  /**
   * @param name of the file, without its folder
   * @param split that all its rows belong to, if the descriptor says so
   */
  record Origin(String name, String sha256, Optional<Split> split) {}

  /**
   * @param writer of the feed; empty if nothing is to be written
   * @param rejected takes the rows that are set aside, in order, as {@code rejected.jsonl} has them
   */
  FileFeed(
      Origin file,
      DatasetSpec descriptor,
      Optional<FeedWriter> writer,
      Consumer<JsonObject> rejected) {
    this.file = file;
    this.timestamps = descriptor.timestamps();
    this.writer = writer;
    this.rejected = rejected;
  }

  @Override
  public void inOrder(Piece piece) {
    Rejections rejections = piece.rejections();
    int wrong = rejections.rows().size();
    if (bad == 0 && wrong > 0 && !rejections.header().isEmpty()) {
      rejected.accept(header(file.name(), rejections.header()));
    }
    for (Rejections.Rejected row : rejections.rows().values()) {
      reasons.merge(row.reasons().get(0), 1, Integer::sum);
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
            synchronized (parts) {
              numbers.put(piece.index(), to.nextNumber());
            }
          });
    }
  }

  @Override
  public void take(Piece piece) {
    Integer number;
    synchronized (parts) {
      number = numbers.remove(piece.index());
    }
    if (number == null) {
      return;
    }
    Set<Integer> wrong = piece.rejections().rows().keySet();
    Part part =
        writer
            .orElseThrow()
            .part(
                number,
                piece.table().rows() - wrong.size(),
                file.split(),
                "parquet",
                out ->
                    ParquetTables.write(
                        piece.table(), timestamps, row -> !wrong.contains(row), out));
    synchronized (parts) {
      parts.put(piece.index(), part);
    }
  }

  /** After all pieces: what was fed. */
  FedFile end() {
    FedFile fed = new FedFile(file.name(), file.sha256(), rows, bad);
    writer.ifPresent(to -> to.end(fed, new ArrayList<>(parts.values())));
    return fed;
  }

  /** Of rows that were set aside, as often as each was the first. */
  Map<String, Integer> reasons() {
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
    if (!row.text().isEmpty()) {
      json.addProperty("text", row.text());
    }
    return json;
  }
}
