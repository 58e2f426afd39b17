package dev.zone.jobs.spark;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import dev.zone.conf.error.ErrorKind;
import dev.zone.jobs.run.AttemptFiles;
import dev.zone.jobs.spark.RankOutcome.RankFailure;
import java.util.Optional;

/** Ranks' failures in the run's folder, for a driver to which Spark no longer brings them. */
final class RankFailures {
  private RankFailures() {}

  static void write(AttemptFiles files, int attempt, int rank, RankFailure failure) {
    JsonObject json = new JsonObject();
    json.addProperty("kind", failure.kind().name());
    json.addProperty("cause", failure.cause());
    json.addProperty("message", failure.message());
    json.addProperty("trace", failure.trace());
    json.addProperty("step", failure.step());
    json.addProperty("secondary", failure.secondary());
    json.addProperty("awaited", failure.awaited());
    json.addProperty("executor", failure.executor());
    json.addProperty("spoiled", failure.spoiled());
    files.writeRank(attempt, rank, json);
  }

  /** Empty if there is none, or none that can be read. */
  static Optional<RankFailure> read(AttemptFiles files, int attempt, int rank) {
    return files
        .readRank(attempt, rank)
        .flatMap(
            json -> {
              try {
                return Optional.of(
                    new RankFailure(
                        ErrorKind.valueOf(json.get("kind").getAsString()),
                        json.get("cause").getAsString(),
                        json.get("message").getAsString(),
                        json.get("trace").getAsString(),
                        json.get("step").getAsInt(),
                        json.get("secondary").getAsBoolean(),
                        json.get("awaited").getAsInt(),
                        json.get("executor").getAsString(),
                        json.get("spoiled").getAsBoolean()));
              } catch (JsonParseException
                  | IllegalArgumentException
                  | IllegalStateException
                  | NullPointerException
                  | UnsupportedOperationException e) {
                return Optional.empty();
              }
            });
  }
}
