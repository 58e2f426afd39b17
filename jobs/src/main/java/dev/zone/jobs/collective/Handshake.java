package dev.zone.jobs.collective;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Mutual proof that both ends of a connection know the run's secret, by challenge: the secret is
 * never sent, and an answer cannot be replayed, for each side's random number goes into both
 * answers.
 *
 * <p>The accepting side sends a nonce; the connecting side answers with its rank, its own nonce and
 * HMAC-SHA256(secret, "connect", attempt, its rank, the acceptor's rank, both nonces, the
 * connection's {@linkplain Wire#binding binding}); the accepting side with HMAC-SHA256(secret,
 * "accept", …).
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
    this.secret = secret.clone();
    this.attempt = attempt;
  }

  static byte[] nonce(SecureRandom random) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    return nonce;
  }

  ByteBuffer hello(int from, int to, byte[] theirNonce, byte[] myNonce, byte[] binding) {
    return ByteBuffer.allocate(HELLO_BYTES)
        .putLong(MAGIC)
        .putInt(from)
        .put(myNonce)
        .put(proof("connect", from, to, theirNonce, myNonce, binding))
        .flip();
  }

  /**
   * Checks a hello.
   *
   * @return the connecting side's nonce, or nothing if it proves nothing
   */
  Optional<byte[]> verifyHello(ByteBuffer hello, int from, int to, byte[] myNonce, byte[] binding) {
    byte[] theirNonce = new byte[NONCE_BYTES];
    byte[] proof = new byte[PROOF_BYTES];
    if (hello.getLong() != MAGIC || hello.getInt() != from) {
      return Optional.empty();
    }
    hello.get(theirNonce).get(proof);
    byte[] due = proof("connect", from, to, myNonce, theirNonce, binding);
    return MessageDigest.isEqual(proof, due) ? Optional.of(theirNonce) : Optional.empty();
  }

  byte[] acceptance(int from, int to, byte[] acceptorNonce, byte[] connectorNonce, byte[] binding) {
    return proof("accept", from, to, acceptorNonce, connectorNonce, binding);
  }

  private byte[] proof(
      String role, int from, int to, byte[] acceptorNonce, byte[] connectorNonce, byte[] binding) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      mac.update(role.getBytes(StandardCharsets.US_ASCII));
      mac.update(ByteBuffer.allocate(12).putInt(attempt).putInt(from).putInt(to).array());
      mac.update(acceptorNonce);
      mac.update(connectorNonce);
      return mac.doFinal(binding);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Cannot compute HMAC-SHA256, which every JDK has", e);
    }
  }
}
