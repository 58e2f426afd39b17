package dev.zone.launcher.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.zone.conf.RunState;
import dev.zone.launcher.runs.RunRecord;
import java.util.Map;
import java.util.function.LongSupplier;

/** How long a run's parts took that the application cannot know: planning, and its own start. */
final class RunTimes {
  private static final double NS = 1e9;

  private final LongSupplier nanoTime;
  private final long beginNs;
  private long plannedNs;
  private long startedNs;

  RunTimes(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.beginNs = nanoTime.getAsLong();
    this.plannedNs = beginNs;
    this.startedNs = beginNs;
  }

  /** The plan is made. */
  void planned() {
    plannedNs = nanoTime.getAsLong();
    startedNs = plannedNs;
  }

  /** The application is there as soon as it says that it does more than start. */
  void accept(RunRecord record) {
    boolean works =
        record instanceof RunRecord.Start
            || record instanceof RunRecord.Resume
            || record instanceof RunRecord.State state && state.state() != RunState.STARTING;
    if (works && startedNs == plannedNs) {
      startedNs = nanoTime.getAsLong();
    }
  }

  /** Puts {@code plan} and {@code start} first among the result's {@code seconds}. */
  void complete(JsonObject result) {
    JsonObject seconds = new JsonObject();
    seconds.addProperty("plan", (plannedNs - beginNs) / NS);
    seconds.addProperty("start", (startedNs - plannedNs) / NS);
    if (result.get("seconds") instanceof JsonObject measured) {
      for (Map.Entry<String, JsonElement> entry : measured.entrySet()) {
        if (!seconds.has(entry.getKey())) {
          seconds.add(entry.getKey(), entry.getValue());
        }
      }
    }
    result.add("seconds", seconds);
  }
}
