package dev.zone.launcher.submit;

import com.google.gson.JsonObject;
import dev.zone.conf.RunState;
import dev.zone.conf.error.ErrorKind;
import dev.zone.datasets.record.Launches;
import dev.zone.datasets.record.StateLog;
import dev.zone.launcher.runs.RunView;
import dev.zone.launcher.submit.Cluster.Phase;
import dev.zone.launcher.submit.Cluster.Standing;
import dev.zone.launcher.zones.Centre;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Says where a run of a centre stands, and puts its record right if whoever had to is gone: a run
 * whose driver ended without a word FAILED, and one that nobody hears of is LOST.
 */
public final class RunObserver {
  /** Signs of life come every two seconds. */
  private static final Duration SUSPICIOUS = Duration.ofSeconds(6);

  /** So long a second sign is waited for before a run counts as silent. */
  private static final Duration PATIENCE = Duration.ofMillis(3_500);

  /** A launcher hands over within moments. */
  private static final Duration HANDING_OVER = Duration.ofSeconds(30);

  private static final long LOOK_NANOS = 100_000_000L;

  private final Clusters clusters;
  private final Clock clock;

  public RunObserver(Clusters clusters, Clock clock) {
    this.clusters = clusters;
    this.clock = clock;
  }

  /**
   * Where a run stands.
   *
   * @param entry its state; empty of a folder that is no run's
   * @param words what the cluster says of it, for people; may be empty
   */
  public record Observed(Optional<StateLog.Entry> entry, String words) {
    public boolean is(RunState state) {
      return entry.map(one -> one.state() == state).orElse(false);
    }

    /** Whether nothing comes after it by itself. */
    public boolean isAtRest() {
      return entry.map(one -> one.state().isFinal() || one.state() == RunState.LOST).orElse(true);
    }
  }

  /** Looks, and puts right what is wrong. */
  public Observed observe(RunView run, Centre centre) {
    Optional<StateLog.Entry> entry = run.states().newest();
    if (entry.isEmpty() || entry.get().state().isFinal()) {
      return new Observed(entry, "");
    }
    Launches launches = run.launches();
    int launch = launches.newest();
    Optional<JsonObject> handle = launches.handle(launch);
    if (launches.claim(launch).isPresent()) {
      // An application that is there after all takes LOST back by itself.
      return entry.get().state() != RunState.LOST && isAlive(run, launch)
          ? new Observed(entry, "")
          : silent(run, entry.get(), standing(handle, centre));
    }
    if (handle.isEmpty()) {
      return new Observed(entry, handingOver(run, launch));
    }
    Standing standing = standing(handle, centre);
    if (standing.phase() == Phase.ENDED && launches.claim(launch).isEmpty()) {
      return failed(run, entry.get(), "Its driver ended before it began: " + standing.words());
    }
    if (standing.phase() == Phase.UNKNOWN) {
      return moved(run, entry.get(), RunState.LOST, standing.words());
    }
    if (entry.get().state() == RunState.LOST) {
      return moved(run, entry.get(), RunState.QUEUED, standing.words());
    }
    return new Observed(run.states().newest(), standing.words());
  }

  private Standing standing(Optional<JsonObject> handle, Centre centre) {
    return handle
        .map(known -> clusters.knowing(known, centre).standing(known))
        .orElseGet(() -> new Standing(Phase.UNKNOWN, "what the cluster calls it is not known"));
  }

  private String handingOver(RunView run, int launch) {
    boolean late =
        run.modified("launches/" + launch + "/launch.json")
            .map(begun -> Duration.between(begun, clock.instant()).compareTo(HANDING_OVER) > 0)
            .orElse(true);
    return late
        ? "it was never handed to the cluster; zone resume " + run.id() + " does so"
        : "it is being handed to the cluster";
  }

  /**
   * Whether whoever has the claim gives signs of life. The times of two machines are only compared
   * to save a look: what looks old is looked at again.
   */
  private boolean isAlive(RunView run, int launch) {
    Optional<java.time.Instant> last = run.modified("launches/" + launch + "/alive.json");
    boolean fresh =
        last.map(time -> Duration.between(time, clock.instant()).abs().compareTo(SUSPICIOUS) < 0)
            .orElse(false);
    if (fresh) {
      return true;
    }
    OptionalLong before = count(run, launch);
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < until) {
      LockSupport.parkNanos(LOOK_NANOS);
      if (!count(run, launch).equals(before)) {
        return true;
      }
    }
    return false;
  }

  private static OptionalLong count(RunView run, int launch) {
    return run.launches()
        .alive(launch)
        .filter(sign -> sign.has("count"))
        .map(sign -> OptionalLong.of(sign.get("count").getAsLong()))
        .orElseGet(OptionalLong::empty);
  }

  private Observed silent(RunView run, StateLog.Entry entry, Standing standing) {
    return standing.phase() == Phase.ENDED
        ? failed(
            run,
            entry,
            "Its driver died without a word: %s; zone resume %s goes on"
                .formatted(standing.words(), run.id()))
        : moved(run, entry, RunState.LOST, "no sign of life; " + standing.words());
  }

  private Observed failed(RunView run, StateLog.Entry entry, String words) {
    Observed observed = moved(run, entry, RunState.FAILED, words);
    if (observed.is(RunState.FAILED)) {
      JsonObject error = new JsonObject();
      error.addProperty("kind", ErrorKind.ENVIRONMENT.name());
      error.addProperty("message", words);
      error.addProperty("trace", "");
      run.create("error.json", error);
    }
    return observed;
  }

  /** Unless it was moved by itself meanwhile, which is then what is said. */
  private Observed moved(RunView run, StateLog.Entry entry, RunState to, String words) {
    if (entry.state() != to) {
      run.states().move(Optional.of(entry), to, words, clock.instant());
    }
    return new Observed(run.states().newest(), words);
  }
}
