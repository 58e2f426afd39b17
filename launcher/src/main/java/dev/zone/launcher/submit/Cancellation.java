package dev.zone.launcher.submit;

import com.google.gson.JsonObject;
import dev.zone.conf.RunState;
import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.record.StateLog;
import dev.zone.launcher.runs.RunView;
import dev.zone.launcher.submit.Cluster.Phase;
import dev.zone.launcher.zones.Centre;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Stops runs: first by asking the application, then by the cluster. */
public final class Cancellation {
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final Duration KILL_LIMIT = Duration.ofSeconds(30);

  private final Clusters clusters;
  private final Clock clock;

  public Cancellation(Clusters clusters, Clock clock) {
    this.clusters = clusters;
    this.clock = clock;
  }

  /**
   * Stops a run and waits until it is stopped, or until nothing more can be done.
   *
   * @param centre that it is at; empty of a run that a command stays with
   * @param grace how long the application may take to stop by itself
   * @throws ZoneException of the environment if the cluster cannot be told to end it
   */
  public void run(RunView run, Optional<Centre> centre, Duration grace) {
    run.create("cancel", new JsonObject());
    int launch = run.launches().newest();
    boolean claimed = launch == 0 || run.launches().claim(launch).isPresent();
    if (claimed && awaitEnd(run, grace)) {
      return;
    }
    if (centre.isEmpty()) {
      throw new ZoneException(
          ErrorKind.ENVIRONMENT,
          "Cannot see the end of %s within %d s (expected the command that stays with it to be there; a second Ctrl-C kills it)"
              .formatted(run.id(), grace.toSeconds()));
    }
    Optional<JsonObject> handle = run.launches().handle(launch);
    if (handle.isPresent()) {
      kill(clusters.knowing(handle.get(), centre.get()), handle.get());
    }
    end(run, claimed ? "killed: it did not stop by itself" : "stopped before it began");
  }

  private static boolean awaitEnd(RunView run, Duration limit) {
    long until = System.nanoTime() + limit.toNanos();
    do {
      if (run.states().newest().map(entry -> entry.state().isFinal()).orElse(false)) {
        return true;
      }
      if (run.states().newest().map(entry -> entry.state() == RunState.LOST).orElse(false)) {
        // Nobody is there to stop by itself.
        return false;
      }
      LockSupport.parkNanos(LOOK_NANOS);
    } while (System.nanoTime() < until);
    return false;
  }

  private static void kill(Cluster cluster, JsonObject handle) {
    cluster.kill(handle);
    long until = System.nanoTime() + KILL_LIMIT.toNanos();
    while (cluster.standing(handle).phase() == Phase.RUNNING && System.nanoTime() < until) {
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  /** Unless it ended by itself meanwhile. */
  private void end(RunView run, String words) {
    Instant now = clock.instant();
    Optional<StateLog.Entry> newest = run.states().newest();
    while (newest.isPresent() && !newest.get().state().isFinal()) {
      run.states().move(newest, RunState.CANCELLED, words, now);
      newest = run.states().newest();
    }
  }
}
