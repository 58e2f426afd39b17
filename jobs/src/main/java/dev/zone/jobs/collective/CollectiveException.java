package dev.zone.jobs.collective;

import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;

/** A collective operation cannot complete: a rank is gone, late or out of step. */
public final class CollectiveException extends ZoneException {
  private static final long serialVersionUID = 1L;

  public CollectiveException(String message) {
    super(ErrorKind.ENVIRONMENT, message);
  }

  public CollectiveException(String message, Throwable cause) {
    super(ErrorKind.ENVIRONMENT, message, cause);
  }
}
