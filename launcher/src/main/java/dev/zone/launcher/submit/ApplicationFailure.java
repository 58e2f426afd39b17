package dev.zone.launcher.submit;

import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
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

  /** The run's folder, if training had begun. */
  public Optional<Path> run() {
    return run;
  }

  /** The application's stack trace or the end of its log, for {@code --debug}; may be empty. */
  public String trace() {
    return trace;
  }
}
