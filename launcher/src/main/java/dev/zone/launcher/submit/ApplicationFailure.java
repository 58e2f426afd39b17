package dev.zone.launcher.submit;

import com.google.gson.JsonObject;
import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import dev.zone.launcher.runs.RunFolder;
import java.nio.file.Path;
import java.util.Optional;

/** The application ended without success. */
public final class ApplicationFailure extends ZoneException {
  private static final long serialVersionUID = 1L;

  private final String trace;
  private final transient Optional<Path> run;

  ApplicationFailure(ErrorKind kind, String message, String trace, Optional<Path> run) {
    super(kind, message);
    this.trace = trace;
    this.run = run;
  }

  /**
   * What an application says of its own failure; empty as long as it says nothing.
   *
   * @param folder that it works in
   * @param run the run's folder, if training had begun
   */
  static Optional<ApplicationFailure> said(RunFolder folder, Optional<Path> run) {
    return folder
        .json("error.json")
        .filter(error -> error.has("kind") && error.has("message"))
        .map(
            error ->
                new ApplicationFailure(
                    kind(error.get("kind").getAsString()),
                    error.get("message").getAsString(),
                    trace(error),
                    run));
  }

  private static String trace(JsonObject error) {
    return error.has("trace") ? error.get("trace").getAsString() : "";
  }

  private static ErrorKind kind(String name) {
    try {
      return ErrorKind.valueOf(name);
    } catch (IllegalArgumentException e) {
      return ErrorKind.INTERNAL;
    }
  }

  /** The run's folder, if training had begun. */
  public Optional<Path> run() {
    return run;
  }

  /** The application's stack trace or the end of its log, for {@code --debug}; may be empty. */
  public String trace() {
    return trace;
  }
}
