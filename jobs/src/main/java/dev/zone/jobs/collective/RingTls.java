package dev.zone.jobs.collective;

import dev.zone.conf.error.ZoneException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.SecureRandom;
import java.security.UnrecoverableKeyException;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * TLS 1.3 for the connections of a ring.
 *
 * <p>With a trust store both sides must show a certificate that it trusts. Without one any
 * certificate passes at first, as in Spark; who the other is, shows then in the proof of the run's
 * secret, into which the certificate goes (see {@link Wire#binding}). Names in certificates are not
 * compared with hosts, as Spark does not.
 */
public final class RingTls {
  private static final String PROTOCOL = "TLSv1.3";

  private final SSLContext context;
  private final boolean trustStore;

  /**
   * Where keys and trust come from: the values of {@code spark.ssl.rpc.*}.
   *
   * @param keyStore this machine's key and certificate
   * @param keyStorePassword of the store
   * @param keyPassword of the key in it; that of the store, if not given
   * @param keyStoreType such as JKS or PKCS12
   * @param trustStore certificates that are trusted
   * @param trustStorePassword of that store; it is read unchecked, if not given
   * @param trustStoreType as {@code keyStoreType}
   */
  public record Stores(
      Path keyStore,
      String keyStorePassword,
      Optional<String> keyPassword,
      String keyStoreType,
      Optional<Path> trustStore,
      Optional<String> trustStorePassword,
      String trustStoreType) {
    /** Passwords stay out of logs. */
    @Override
    public String toString() {
      return "Stores[keyStore=" + keyStore + ", trustStore=" + trustStore + "]";
    }
  }

  private RingTls(SSLContext context, boolean trustStore) {
    this.context = context;
    this.trustStore = trustStore;
  }

  /**
   * Reads the stores.
   *
   * @throws ZoneException of the user, if one cannot be read or holds no key
   */
  public static RingTls of(Stores stores) {
    char[] password = stores.keyStorePassword().toCharArray();
    KeyStore keys =
        load("key store", stores.keyStore(), stores.keyStoreType(), Optional.of(password));
    try {
      requireKey(keys, stores.keyStore());
      KeyManagerFactory keyManagers =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keyManagers.init(keys, stores.keyPassword().map(String::toCharArray).orElse(password));
      TrustManager[] trust = {new TrustAnyone()};
      if (stores.trustStore().isPresent()) {
        TrustManagerFactory trustManagers =
            TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trustManagers.init(
            load(
                "trust store",
                stores.trustStore().orElseThrow(),
                stores.trustStoreType(),
                stores.trustStorePassword().map(String::toCharArray)));
        trust = trustManagers.getTrustManagers();
      }
      SSLContext context = SSLContext.getInstance(PROTOCOL);
      context.init(keyManagers.getKeyManagers(), trust, new SecureRandom());
      return new RingTls(context, stores.trustStore().isPresent());
    } catch (UnrecoverableKeyException e) {
      throw ZoneException.user(
          "Cannot read the key for TLS: "
              + stores.keyStore()
              + ": the key's password is wrong (expected spark.ssl.rpc.keyPassword, or"
              + " spark.ssl.rpc.keyStorePassword if the key has none of its own)");
    } catch (GeneralSecurityException e) {
      throw ZoneException.user(
          "Cannot set up TLS between workers: " + stores.keyStore() + ": " + e.getMessage());
    }
  }

  /** A new connection's state, at the side that accepts it. */
  SSLEngine acceptingEngine() {
    SSLEngine engine = engine();
    engine.setUseClientMode(false);
    engine.setNeedClientAuth(trustStore);
    return engine;
  }

  /** A new connection's state, at the side that connects. */
  SSLEngine callingEngine() {
    SSLEngine engine = engine();
    engine.setUseClientMode(true);
    return engine;
  }

  private SSLEngine engine() {
    SSLEngine engine = context.createSSLEngine();
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setProtocols(new String[] {PROTOCOL});
    engine.setSSLParameters(parameters);
    return engine;
  }

  private static KeyStore load(String what, Path path, String type, Optional<char[]> password) {
    try (InputStream in = Files.newInputStream(path)) {
      KeyStore store = KeyStore.getInstance(type);
      store.load(in, password.orElse(null));
      return store;
    } catch (NoSuchFileException e) {
      throw ZoneException.user(
          "Cannot read the " + what + " for TLS: " + path + " (expected a file on every machine)");
    } catch (KeyStoreException e) {
      throw ZoneException.user(
          "Cannot read the " + what + " for TLS: type " + type + " (expected JKS or PKCS12)");
    } catch (IOException | GeneralSecurityException e) {
      String why =
          e.getCause() instanceof UnrecoverableKeyException
              ? "the password is wrong"
              : "it is damaged or of another type";
      throw ZoneException.user(
          "Cannot read the "
              + what
              + " for TLS: "
              + path
              + ": "
              + why
              + " (expected "
              + type
              + ")");
    }
  }

  private static void requireKey(KeyStore keys, Path path) throws KeyStoreException {
    for (String alias : Collections.list(keys.aliases())) {
      if (keys.isKeyEntry(alias)) {
        return;
      }
    }
    throw ZoneException.user(
        "Cannot use the key store for TLS: " + path + ": no key in it (expected a private key)");
  }

  /** The other side is known by its proof of the run's secret, not by its certificate. */
  private static final class TrustAnyone extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
