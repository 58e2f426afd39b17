package dev.zone.launcher.submit;

import dev.zone.conf.PlanSpec;
import dev.zone.launcher.bundle.Distribution;
import dev.zone.launcher.plan.Master;
import dev.zone.launcher.zones.Centre;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * An application to be started.
 *
 * @param folder the run's folder, which holds the plan
 * @param master as Spark names it
 * @param secret by which the run's workers know each other; goes by environment variables only
 * @param centre whose settings it has
 * @param launch of a run that goes on by itself; empty if this JVM stays with the application
 */
public record Submission(
    Mode mode,
    Path folder,
    PlanSpec plan,
    Master master,
    Distribution distribution,
    String secret,
    Optional<Centre> centre,
    OptionalInt launch) {
  /** What the application is to do. */
  public enum Mode {
    /** Train and evaluate. */
    RUN,
    /** Go on with a run that ended without success. */
    RESUME,
    /** Find out all that can be known before training. */
    CHECK;

    String argument() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final int SECRET_BYTES = 32;

  /** With a secret of its own; this JVM stays with it. */
  public static Submission of(
      Mode mode, Path folder, PlanSpec plan, Master master, Distribution distribution) {
    return new Submission(
        mode,
        folder,
        plan,
        master,
        distribution,
        secretOfItsOwn(),
        Optional.empty(),
        OptionalInt.empty());
  }

  /** The same as a launch of a run at a centre, which goes on by itself. */
  Submission launched(Centre at, int number) {
    return new Submission(
        mode, folder, plan, master, distribution, secret, Optional.of(at), OptionalInt.of(number));
  }

  private static String secretOfItsOwn() {
    byte[] secret = new byte[SECRET_BYTES];
    new SecureRandom().nextBytes(secret);
    return HexFormat.of().formatHex(secret);
  }

  @Override
  public String toString() {
    return "Submission[" + mode + " " + folder + " on " + master.url() + "]";
  }
}
