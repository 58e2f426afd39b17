package dev.zone.jobs.run;

import com.google.gson.JsonObject;
import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import dev.zone.datasets.record.Launches;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right to work on a launch of a run, with the signs of life that go with it. An application
 * whose launch was superseded, because the launcher believed it lost, ends at once: another has the
 * run's records.
 */
public final class Claim implements AutoCloseable {
  /** Seconds between two signs of life. */
  public static final int BEAT_SECONDS = 2;

  private static final Logger LOG = LoggerFactory.getLogger(Claim.class);

  private final RunFolder folder;
  private final Launches launches;
  private final int launch;
  private final CountDownLatch end = new CountDownLatch(1);
  private long count;

  private Claim(RunFolder folder, Launches launches, int launch) {
    this.folder = folder;
    this.launches = launches;
    this.launch = launch;
  }

  /**
   * Takes the claim and gives signs of life from now on.
   *
   * @return empty if another has it
   * @throws ZoneException (environment) if the run's folder cannot be written
   */
  public static Optional<Claim> take(RunFolder folder, int launch) {
    Launches launches = new Launches(folder.storage());
    if (!launches.claim(launch, who())) {
      return Optional.empty();
    }
    Claim claim = new Claim(folder, launches, launch);
    claim.beat();
    Thread beats = new Thread(claim::beatUntilTheEnd, "signs-of-life");
    beats.setDaemon(true);
    beats.start();
    return Optional.of(claim);
  }

  /**
   * Waits until an earlier launch of the run gives no signs of life; one that was superseded ends
   * at its next.
   *
   * @throws ZoneException (user) if it goes on
   */
  public void awaitSilenceOfEarlier(Duration patience) {
    long until = System.nanoTime() + patience.toNanos();
    while (launch > 1 && givesSigns(launch - 1)) {
      if (System.nanoTime() > until) {
        throw ZoneException.user(
            "Cannot work on run: "
                + folder.place()
                + " (expected one that no other application works on)");
      }
    }
  }

  /** Looks for as long as two signs are apart. */
  private boolean givesSigns(int earlier) {
    Optional<JsonObject> before = launches.alive(earlier);
    try {
      return before.isPresent()
          && !end.await(2L * BEAT_SECONDS, TimeUnit.SECONDS)
          && !launches.alive(earlier).equals(before);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void beatUntilTheEnd() {
    try {
      while (!end.await(BEAT_SECONDS, TimeUnit.SECONDS)) {
        beat();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void beat() {
    try {
      if (launches.newest() > launch) {
        LOG.error("Another launch of {} goes on with it: this one ends", folder.place());
        Runtime.getRuntime().halt(ErrorKind.ENVIRONMENT.exitCode());
      }
      JsonObject sign = new JsonObject();
      sign.addProperty("count", ++count);
      sign.addProperty("time", Instant.now().toString());
      launches.beat(launch, sign);
      folder.contradictLoss();
    } catch (RuntimeException e) {
      // A full disk, say: the training decides for itself whether it can go on.
      LOG.warn("Cannot give a sign of life", e);
    }
  }

  private static JsonObject who() {
    JsonObject who = new JsonObject();
    who.addProperty("host", Launches.host());
    who.addProperty("pid", ProcessHandle.current().pid());
    // A cluster gives each driver a folder of the name that it knows the driver by.
    who.addProperty("folder", String.valueOf(Path.of("").toAbsolutePath().getFileName()));
    who.addProperty("time", Instant.now().toString());
    return who;
  }

  @Override
  public void close() {
    end.countDown();
  }
}
