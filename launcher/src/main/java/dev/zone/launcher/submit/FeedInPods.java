package dev.zone.launcher.submit;

import com.google.gson.JsonObject;
import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import dev.zone.launcher.runs.RunFolder;
import dev.zone.launcher.submit.Cluster.Phase;
import dev.zone.launcher.submit.Cluster.Standing;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A feed whose driver is a pod, and this process's stay with it. They meet in a folder that both
 * have mounted: what is to be done, how far it is, how it ended, the wish that it end, and signs
 * that somebody waits still, without which the driver ends.
 */
final class FeedInPods implements AutoCloseable {
  /** Signs that somebody waits; another one each time. */
  private static final String SIGNS = "launcher";

  private static final String LOG = "logs/driver.log";

  private static final long LOOK_EVERY_NANOS = Duration.ofMillis(100).toNanos();
  private static final long ASK_EVERY_NANOS = Duration.ofSeconds(1).toNanos();
  private static final long SIGN_EVERY_NANOS = Duration.ofSeconds(5).toNanos();

  /** So long a cluster may have no place for the driver, or not answer; images are fetched then. */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /** So long another machine's file may take to be seen here once the pod that wrote it ended. */
  private static final long SEEN_WITHIN_NANOS = Duration.ofSeconds(15).toNanos();

  /** So long a driver that has answered may take to end its workers and itself. */
  private static final long END_WITHIN_NANOS = Duration.ofSeconds(30).toNanos();

  private final KubernetesCluster cluster;
  private final String title;
  private final RunFolder folder;
  private final AtomicInteger cancels = new AtomicInteger();
  private Optional<JsonObject> handle = Optional.empty();
  private Standing standing = new Standing(Phase.WAITING, "the cluster was not asked yet");
  private long nextAsk;
  private long nextSign;
  private int signs;
  private boolean answered;

  /**
   * @param title the centre's
   * @param folder of this feed; removed at the end
   */
  FeedInPods(KubernetesCluster cluster, String title, RunFolder folder) {
    this.cluster = cluster;
    this.title = title;
    this.folder = folder;
    nextAsk = nextSign = System.nanoTime();
  }

  /** Hands the driver over. */
  void begin(FeedSubmission feed) {
    sign();
    handle = Optional.of(cluster.submit(feed, folder.id()));
  }

  /**
   * Asks for a clean stop; asked again, ends the pods.
   *
   * @return whether it was the first time
   */
  boolean cancel() {
    if (cancels.incrementAndGet() == 1) {
      folder.requestCancel();
      return true;
    }
    return false;
  }

  /**
   * Waits for the end.
   *
   * @param tick called about ten times a second
   * @return what the application wrote as its result
   * @throws ApplicationFailure if it failed
   * @throws ZoneException if it was stopped, if there is no place for it, or if it ended without a
   *     word
   */
  JsonObject await(Runnable tick) {
    long until = System.nanoTime() + PATIENCE.toNanos();
    long endedAt = 0;
    while (true) {
      // In this order: what it wrote before it ended is seen.
      boolean ended = standing.phase() == Phase.ENDED;
      Optional<JsonObject> result = result();
      if (result.isPresent()) {
        answered = true;
        awaitEnd();
        return result.get();
      }
      long now = System.nanoTime();
      endedAt = !ended ? 0 : endedAt == 0 ? now : endedAt;
      if (endedAt != 0 && now - endedAt > SEEN_WITHIN_NANOS) {
        throw endedWithoutAWord();
      }
      if (standing.phase() == Phase.RUNNING) {
        until = now + PATIENCE.toNanos();
      }
      stopIfWanted();
      if (now > until) {
        throw noPlace();
      }
      sign();
      ask();
      tick.run();
      LockSupport.parkNanos(LOOK_EVERY_NANOS);
    }
  }

  private Optional<JsonObject> result() {
    Optional<JsonObject> result = folder.json("result.json");
    if (result.isEmpty()) {
      Optional<ApplicationFailure> failure = ApplicationFailure.said(folder, Optional.empty());
      if (failure.isPresent()) {
        awaitEnd();
        throw failure.get();
      }
    }
    return result;
  }

  /** A driver that does not run yet cannot be asked. */
  private void stopIfWanted() {
    int asked = cancels.get();
    if (asked == 1 && standing.phase() == Phase.WAITING) {
      // It may have begun, or done it all, since it was looked at.
      standing = cluster.standing(handle.orElseThrow());
    }
    if (asked > 1 || asked == 1 && standing.phase() == Phase.WAITING) {
      throw new ZoneException(ErrorKind.CANCELLED, "The feed was stopped");
    }
  }

  private void sign() {
    long now = System.nanoTime();
    if (now - nextSign >= 0) {
      nextSign = now + SIGN_EVERY_NANOS;
      signs++;
      folder.replace(SIGNS, Integer.toString(signs));
    }
  }

  private void ask() {
    long now = System.nanoTime();
    if (now - nextAsk >= 0) {
      nextAsk = now + ASK_EVERY_NANOS;
      standing = cluster.standing(handle.orElseThrow());
    }
  }

  private void awaitEnd() {
    long until = System.nanoTime() + END_WITHIN_NANOS;
    while (standing.phase() != Phase.ENDED && cancels.get() < 2 && System.nanoTime() < until) {
      ask();
      LockSupport.parkNanos(LOOK_EVERY_NANOS);
    }
  }

  private ApplicationFailure endedWithoutAWord() {
    String log = LogTail.of(folder.current().resolve(Path.of(LOG)), 0);
    return new ApplicationFailure(
        ErrorKind.ENVIRONMENT,
        "Cannot feed on %s: %s (expected a driver that ends with an answer)"
            .formatted(title, standing.words()),
        log,
        Optional.empty());
  }

  private ZoneException noPlace() {
    boolean waits = standing.phase() == Phase.WAITING;
    return new ZoneException(
        waits ? ErrorKind.RESOURCES : ErrorKind.ENVIRONMENT,
        "Cannot feed on %s: %s (expected %s within %d minutes)"
            .formatted(
                title,
                standing.words(),
                waits ? "a place for its driver" : "an answer",
                PATIENCE.toMinutes()));
  }

  /** Ends what is left of it: pods, and the folder. */
  @Override
  public void close() {
    try {
      try {
        handle.ifPresent(cluster::kill);
      } finally {
        folder.discard();
      }
    } catch (ZoneException e) {
      // A feed that has answered did what it says; what is left of it is in nobody's way.
      if (!answered) {
        throw e;
      }
    }
  }
}
