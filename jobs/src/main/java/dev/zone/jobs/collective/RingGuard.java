package dev.zone.jobs.collective;

import java.util.Optional;

/**
 * What keeps strangers out of a ring.
 *
 * @param secret of the run, at least 16 bytes; proven, never sent
 * @param attempt of the run; connections and messages of another are refused
 * @param tls inside which all connections run, if given
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared; a secret is bytes.
public record RingGuard(byte[] secret, int attempt, Optional<RingTls> tls) {
  public RingGuard {
    if (secret.length < 16) {
      throw new IllegalArgumentException(
          "Cannot use a secret of " + secret.length + " bytes (expected 16 or more)");
    }
    secret = secret.clone();
  }

  /** The secret stays out of logs. */
  @Override
  public String toString() {
    return "RingGuard[attempt=" + attempt + ", tls=" + tls.isPresent() + "]";
  }
}
