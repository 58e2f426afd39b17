package dev.zone.datasets.storage;

import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256, which every Java has. */
public final class Sha256 {
  private Sha256() {}

  /** One that is to be fed. */
  public static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new ZoneException(ErrorKind.INTERNAL, "Cannot find SHA-256 in this Java", e);
    }
  }
}
