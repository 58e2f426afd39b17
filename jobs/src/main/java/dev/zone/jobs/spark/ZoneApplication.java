package dev.zone.jobs.spark;

import dev.zone.conf.PlanSpec.Device;
import dev.zone.conf.RunState;
import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import dev.zone.jobs.engine.dl4j.Backends;
import dev.zone.jobs.run.Claim;
import dev.zone.jobs.run.DistantRunFolder;
import dev.zone.jobs.run.RunFolder;
import dev.zone.jobs.run.RunLock;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import sun.misc.Signal;

/**
 * The application's entry. {@code run FOLDER} trains what {@code FOLDER/plan.yaml} says and leaves
 * the run's records there; {@code resume FOLDER} does the same where a run was at work before, and
 * goes on from its newest usable checkpoint; {@code check FOLDER} finds out all that can be known
 * before training and writes {@code FOLDER/check.json}; {@code feed FOLDER} feeds what {@code
 * FOLDER/feed.json} says and writes {@code FOLDER/result.json}. The exit code is the error kind's.
 *
 * <p>{@code run FOLDER LAUNCH} and {@code resume FOLDER LAUNCH} do so for a cluster, which may
 * start a launch more than once: the one that has the launch's claim works, the others end. It says
 * that it is alive as long as it is.
 *
 * <p>Under a launcher (environment variable {@code ZONE_LAUNCHER}) the terminal's Ctrl-C is the
 * launcher's to answer, and the end of standard input means that the launcher is gone: the training
 * then stops cleanly, with a checkpoint. A feed's launcher on another machine gives signs of life.
 */
public final class ZoneApplication {
  /** So long an earlier application of a run may take to end once another goes on with it. */
  private static final Duration ENDING = Duration.ofSeconds(20);

  private static final long LOOK_EVERY_NANOS = 1_000_000_000L;

  /** YARN takes an exit, of whatever code, for a failure. */
  private static final boolean RUN_BY_YARN =
      "yarn".equals(System.getProperty("spark.master"))
          && "cluster".equals(System.getProperty("spark.submit.deployMode"));

  private ZoneApplication() {}

  public static void main(String[] args) {
    int exitCode = start(args);
    if (exitCode != 0 || !RUN_BY_YARN) {
      System.exit(exitCode);
    }
  }

  static int start(String[] args) {
    boolean known = args.length >= 2 && List.of("run", "resume", "check", "feed").contains(args[0]);
    boolean launched = known && args.length == 3 && args[2].matches("[1-9][0-9]{0,5}");
    if (!known || args.length > 2 && !launched) {
      System.err.println(
          "Cannot start: "
              + String.join(" ", args)
              + " (expected run FOLDER [LAUNCH], resume FOLDER [LAUNCH], check FOLDER or feed FOLDER)");
      return ErrorKind.USER.exitCode();
    }
    if (launched) {
      return startLaunched(args[0], WorkFolders.ofDriver(args[1]), Integer.parseInt(args[2]));
    }
    RunFolder folder = new RunFolder(Path.of(args[1]));
    AtomicBoolean launcherGone = new AtomicBoolean();
    LauncherSigns signs = new LauncherSigns(folder.path(), System.nanoTime());
    if (System.getenv("ZONE_LAUNCHER") != null) {
      heedLauncher(folder, launcherGone);
    } else if (signs.areGiven()) {
      heedSigns(signs, folder, launcherGone);
    }
    boolean recorded = args[0].equals("run") || args[0].equals("resume");
    int exitCode = recorded ? startAlone(args[0], folder) : start(args[0], folder);
    if (launcherGone.get()) {
      folder.discardUnlessAdmitted();
    }
    return exitCode;
  }

  private static int startLaunched(String mode, RunFolder folder, int launch) {
    try (Claim claim = Claim.take(folder, launch).orElse(null)) {
      if (claim == null) {
        System.err.println("Another application has launch " + launch + " of " + folder.place());
        return 0;
      }
      if (folder.isCancelRequested()) {
        return fail(
            folder, new ZoneException(ErrorKind.CANCELLED, "The run was stopped before it began"));
      }
      if (folder instanceof DistantRunFolder distant) {
        return startDistant(mode, distant, claim);
      }
      try (RunLock held = RunLock.takeWithin(folder, ENDING)) {
        return start(mode, folder);
      }
    } catch (ZoneException e) {
      return fail(folder, e);
    }
  }

  private static int startDistant(String mode, DistantRunFolder folder, Claim claim) {
    // There is no lock that the death of its holder releases; signs of life have to do.
    claim.awaitSilenceOfEarlier(ENDING);
    folder.work(RecordPlugin.log());
    try {
      return start(mode, folder);
    } finally {
      folder.end();
    }
  }

  /** Holds the run's lock until the last record is written. */
  private static int startAlone(String mode, RunFolder folder) {
    try (RunLock held = RunLock.take(folder)) {
      return start(mode, folder);
    } catch (RunLock.HeldException e) {
      System.err.println(e.getMessage());
      return e.kind().exitCode();
    } catch (ZoneException e) {
      return fail(folder, e);
    }
  }

  private static int start(String mode, RunFolder folder) {
    try {
      if (mode.equals("feed")) {
        new FeedRun(folder).run();
        return 0;
      }
      // Only workers that were given a GPU compute on one; a driver takes none from them.
      Backends.use(Device.CPU);
      if (mode.equals("check")) {
        new CheckRun(folder).run();
        return 0;
      }
      folder.begin();
      RunState end = new DriverRun(folder).run();
      return end == RunState.CANCELLED ? ErrorKind.CANCELLED.exitCode() : 0;
    } catch (ZoneException e) {
      return fail(folder, e);
    } catch (Exception e) {
      // Scala's code throws what javac does not know of.
      return fail(folder, new ZoneException(ErrorKind.INTERNAL, "Cannot finish the run: " + e, e));
    } catch (OutOfMemoryError e) {
      return fail(
          folder,
          new ZoneException(
              ErrorKind.RESOURCES,
              "Cannot finish the run: out of memory: "
                  + e.getMessage()
                  + " (expected more resources.perWorker.memory)",
              e));
    }
  }

  private static int fail(RunFolder folder, ZoneException failure) {
    try {
      folder.error(failure);
      RunState state = failure.kind() == ErrorKind.CANCELLED ? RunState.CANCELLED : RunState.FAILED;
      folder.state(state, String.valueOf(failure.getMessage()));
    } catch (RuntimeException second) {
      // Nothing can be written (a full disk, say): the log is the last place to say it.
      failure.addSuppressed(second);
      org.slf4j.LoggerFactory.getLogger(ZoneApplication.class).error("The run failed", failure);
    }
    return failure.kind().exitCode();
  }

  private static void heedLauncher(RunFolder folder, AtomicBoolean launcherGone) {
    Signal.handle(new Signal("INT"), signal -> {});
    Thread watch =
        new Thread(
            () -> {
              if (endOf(System.in)) {
                launcherGone.set(true);
                folder.requestCancel();
              }
            },
            "launcher-watch");
    watch.setDaemon(true);
    watch.start();
  }

  /** Ends what nobody waits for any more, where no pipe tells. */
  private static void heedSigns(LauncherSigns signs, RunFolder folder, AtomicBoolean launcherGone) {
    Thread watch =
        new Thread(
            () -> {
              while (!signs.isSilent(System.nanoTime())) {
                LockSupport.parkNanos(LOOK_EVERY_NANOS);
              }
              launcherGone.set(true);
              try {
                folder.requestCancel();
              } catch (ZoneException e) {
                // Whoever is gone has taken the folder along, which is as good as a word.
                System.err.println("Nobody waits for this application: " + e.getMessage());
              }
            },
            "launcher-watch");
    watch.setDaemon(true);
    watch.start();
  }

  private static boolean endOf(InputStream in) {
    try {
      while (in.read() >= 0) {
        // Nothing is said there; only the end counts.
        continue;
      }
      return true;
    } catch (IOException e) {
      return true;
    }
  }
}
