package dev.zone.jobs.collective;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Mutual proof that both ends of a connection know the run's secret, by challenge: the secret is
 * never sent, and an answer cannot be replayed, for each side's random number goes into both
 * answers.
 *
 * <p>The accepting side sends a nonce; the connecting side answers with its rank, its own nonce and
 * HMAC-SHA256(secret, "connect", attempt, its rank, the acceptor's rank, both nonces); the
 * accepting side with HMAC-SHA256(secret, "accept", …).
 */
final class Handshake {
  static final int NONCE_BYTES = 32;
  static final int PROOF_BYTES = 32;

  /** Magic, the connecting rank, its nonce, its proof. */
  static final int HELLO_BYTES = 8 + 4 + NONCE_BYTES + PROOF_BYTES;

  private static final long MAGIC = 0x5A4F4E4552494E47L; // "ZONERING"

  private final byte[] secret;
  private final int attempt;

  Handshake(byte[] secret, int attempt) {
    if (secret.length < 16) {
      throw new IllegalArgumentException(
          "Cannot use a secret of " + secret.length + " bytes (expected 16 or more)");
    }
    this.secret = secret.clone();
    this.attempt = attempt;
  }

  static byte[] nonce(SecureRandom random) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    return nonce;
  }

  ByteBuffer hello(int from, int to, byte[] theirNonce, byte[] myNonce) {
    return ByteBuffer.allocate(HELLO_BYTES)
        .putLong(MAGIC)
        .putInt(from)
        .put(myNonce)
        .put(proof("connect", from, to, theirNonce, myNonce))
        .flip();
  }

  /**
   * Checks a hello.
   *
   * @return the connecting side's nonce, or null if it proves nothing
   */
  byte[] verifyHello(ByteBuffer hello, int from, int to, byte[] myNonce) {
    byte[] theirNonce = new byte[NONCE_BYTES];
    byte[] proof = new byte[PROOF_BYTES];
    if (hello.getLong() != MAGIC || hello.getInt() != from) {
      return null;
    }
    hello.get(theirNonce).get(proof);
    boolean proven = MessageDigest.isEqual(proof, proof("connect", from, to, myNonce, theirNonce));
    return proven ? theirNonce : null;
  }

  byte[] acceptance(int from, int to, byte[] acceptorNonce, byte[] connectorNonce) {
    return proof("accept", from, to, acceptorNonce, connectorNonce);
  }

  private byte[] proof(String role, int from, int to, byte[] acceptorNonce, byte[] connectorNonce) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      mac.update(role.getBytes(StandardCharsets.US_ASCII));
      mac.update(ByteBuffer.allocate(12).putInt(attempt).putInt(from).putInt(to).array());
      mac.update(acceptorNonce);
      return mac.doFinal(connectorNonce);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Cannot compute HMAC-SHA256, which every JDK has", e);
    }
  }
}
