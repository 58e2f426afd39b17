package dev.zone.jobs.collective;

import static dev.zone.jobs.collective.Rings.SECRET;
import static dev.zone.jobs.collective.Rings.direct;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import dev.zone.jobs.collective.CollectiveException.Reason;
import dev.zone.jobs.collective.Proxy.Fault;
import dev.zone.jobs.collective.Rings.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class RingTlsTest {
  private static final Deadlines DEADLINES = Deadlines.of(Duration.ofSeconds(30));

  @TempDir static Path folder;
  private static Path ours;
  private static Path trust;
  private static Path theirs;

  @BeforeAll
  static void makeKeys() throws Exception {
    Keys keys = new Keys(folder);
    ours = keys.keyStore("ours.p12", "PKCS12");
    trust = keys.trustStore(ours, "PKCS12");
    theirs = keys.keyStore("theirs.p12", "PKCS12");
  }

  private static RingGuard guard(boolean trustStore) {
    return guard(Keys.tls(ours, trustStore ? Optional.of(trust) : Optional.empty()));
  }

  private static RingGuard guard(RingTls tls) {
    return new RingGuard(SECRET, 0, Optional.of(tls));
  }

  @ParameterizedTest
  @CsvSource({"true,2,1", "true,3,1000003", "false,2,100000", "true,1,5"})
  void givesTheSameBitsInsideTls(boolean trustStore, int ranks, int length) throws Exception {
    float[] expected = Rings.undisturbed(ranks, length);
    for (Outcome<float[]> outcome :
        Rings.overRing(
            ranks,
            guard(trustStore),
            DEADLINES,
            (rank, address) -> address,
            collective -> {
              float[] sum = Rings.sum(collective, length);
              collective.allReduce(direct(new float[7]));
              return sum;
            })) {
      assertThat(Arrays.equals(outcome.orThrow(), expected)).isTrue();
    }
  }

  @Test
  void givesTheSameBitsInsideTlsThroughADelayingNetwork() throws Exception {
    float[] expected = Rings.undisturbed(3, 200_000);
    List<Proxy> proxies = new ArrayList<>();
    try {
      for (Outcome<float[]> outcome :
          Rings.overRing(
              3,
              guard(true),
              DEADLINES,
              (rank, address) -> {
                proxies.add(new Proxy(0, address, Fault.DELAYS));
                return proxies.get(rank).address();
              },
              collective -> Rings.sum(collective, 200_000))) {
        assertThat(Arrays.equals(outcome.orThrow(), expected)).isTrue();
      }
    } finally {
      for (Proxy proxy : proxies) {
        proxy.close();
      }
    }
  }

  @Test
  void sendsNoValueInTheClear() throws Exception {
    float[] values = new float[1000];
    Arrays.fill(values, 1.5f);
    byte[] inTheClear = {0, 0, (byte) 0xC0, 0x3F, 0, 0, (byte) 0xC0, 0x3F};
    assertThat(contains(recorded(new RingGuard(SECRET, 0, Optional.empty()), values), inTheClear))
        .isTrue();
    assertThat(contains(recorded(guard(true), values), inTheClear)).isFalse();
  }

  private static byte[] recorded(RingGuard guard, float[] values) throws Exception {
    List<Proxy> proxies = new ArrayList<>();
    for (Outcome<Integer> outcome :
        Rings.overRing(
            2,
            guard,
            DEADLINES,
            (rank, address) -> {
              proxies.add(new Proxy(0, address, Fault.NONE));
              return proxies.get(rank).address();
            },
            collective -> {
              collective.allReduce(direct(values));
              return collective.rank();
            })) {
      assertThat(outcome.failure()).isEmpty();
    }
    byte[] seen = proxies.get(1).seen();
    for (Proxy proxy : proxies) {
      proxy.close();
    }
    return seen;
  }

  private static boolean contains(byte[] bytes, byte[] part) {
    for (int i = 0; i + part.length <= bytes.length; i++) {
      if (Arrays.equals(bytes, i, i + part.length, part, 0, part.length)) {
        return true;
      }
    }
    return false;
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void tellsAtOnceThatARankHasLeft(int ranks) throws Exception {
    List<Outcome<Object>> outcomes =
        Rings.overRing(
            ranks,
            guard(true),
            DEADLINES,
            (rank, address) -> address,
            collective -> {
              if (collective.rank() != 1) {
                collective.allReduce(direct(new float[1_000_000]));
              }
              return null;
            });
    for (int rank = 0; rank < ranks; rank++) {
      if (rank != 1) {
        assertThat(outcomes.get(rank).collectiveFailure().reason()).isEqualTo(Reason.GONE);
        assertThat(outcomes.get(rank).took()).isLessThan(Duration.ofSeconds(10));
      }
    }
  }

  @Test
  void keepsPlainAndUntrustedStrangersOutOfTheRing() throws Exception {
    RingEndpoint first = RingEndpoint.open("localhost");
    RingEndpoint second = RingEndpoint.open("localhost");
    List<InetSocketAddress> addresses = List.of(Rings.addressOf(first), Rings.addressOf(second));
    RingGuard guard = guard(true);
    ExecutorService threads = Executors.newFixedThreadPool(1);
    List<Socket> silent = new ArrayList<>();
    try {
      for (int i = 0; i < 20; i++) {
        silent.add(new Socket("localhost", second.port()));
      }
      Future<Collective> other =
          threads.submit(() -> RingCollective.connect(1, second, addresses, guard, DEADLINES));
      try (Socket plain = new Socket("localhost", second.port())) {
        plain.getOutputStream().write("a plain stranger".getBytes(StandardCharsets.US_ASCII));
        assertThat(endOf(plain)).isZero();
      }
      try (SSLSocket untrusted = tlsSocket(theirs, second.port())) {
        // In TLS 1.3 the one who connects is done before the other has looked at its certificate.
        assertThatThrownBy(() -> untrusted.getInputStream().readNBytes(1))
            .isInstanceOf(IOException.class);
      }
      try (SSLSocket trusted = tlsSocket(ours, second.port())) {
        assertThat(trusted.getInputStream().readNBytes(Handshake.NONCE_BYTES))
            .hasSize(Handshake.NONCE_BYTES);
        trusted.getOutputStream().write(new byte[Handshake.HELLO_BYTES]);
        assertThat(trusted.getInputStream().readAllBytes()).isEmpty();
      }
      try (Collective collective = RingCollective.connect(0, first, addresses, guard, DEADLINES);
          Collective peer = other.get()) {
        Future<?> sum = threads.submit(() -> peer.allReduce(direct(1, 2, 3)));
        collective.allReduce(direct(10, 20, 30));
        sum.get();
      }
    } finally {
      threads.shutdownNow();
      for (Socket socket : silent) {
        socket.close();
      }
    }
  }

  /** How many bytes come before the connection ends, by whichever way. */
  private static int endOf(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    int count = 0;
    try {
      while (in.read() >= 0) {
        count++;
      }
    } catch (IOException e) {
      return count; // Reset, because it did not read all that was sent.
    }
    return count;
  }

  @Test
  void refusesAnAcceptorWhoseCertificateIsNotTrusted() throws Exception {
    List<Outcome<Object>> outcomes =
        mixed(guard(true), guard(Keys.tls(theirs, Optional.of(trust))));
    CollectiveException failure = outcomes.get(0).collectiveFailure();
    assertThat(failure)
        .hasMessageMatching(
            "Cannot connect rank 0 with rank 1 at localhost/127.0.0.1:\\d+: there is no TLS with it:"
                + " .*(certification path|alert).*");
    assertThat(failure.reason()).isEqualTo(Reason.OUT_OF_STEP);
    assertThat(failure.awaitedRank()).hasValue(1);
  }

  @Test
  void refusesAnAcceptorWhoDoesNotSpeakTls() throws Exception {
    List<Outcome<Object>> outcomes = mixed(guard(true), new RingGuard(SECRET, 0, Optional.empty()));
    assertThat(outcomes.get(0).collectiveFailure())
        .hasMessageMatching(
            "Cannot connect rank 0 with rank 1 at localhost/127.0.0.1:\\d+: there is no TLS with it:"
                + " .*");
  }

  /** Rank 0 and rank 1 with different guards. */
  private static List<Outcome<Object>> mixed(RingGuard zero, RingGuard one) throws Exception {
    Deadlines deadlines = Deadlines.of(Duration.ofSeconds(5));
    return Rings.overRing(
        2,
        rank -> rank == 0 ? zero : one,
        deadlines,
        (rank, address) -> address,
        collective -> {
          collective.allReduce(direct(1));
          return null;
        });
  }

  /** Without trust stores, it is the binding of proofs to certificates that keeps him out. */
  @Test
  void refusesAGoBetween() throws Exception {
    List<GoBetween> between = new ArrayList<>();
    try {
      List<Outcome<Object>> outcomes =
          Rings.overRing(
              2,
              guard(false),
              Deadlines.of(Duration.ofSeconds(5)),
              (rank, address) -> {
                if (rank == 0) {
                  return address;
                }
                between.add(new GoBetween(theirs, address));
                return between.get(0).address();
              },
              collective -> {
                collective.allReduce(direct(1));
                return null;
              });
      assertThat(outcomes.get(0).collectiveFailure())
          .hasMessageMatching(
              "Cannot connect rank 0 with its neighbours: rank 1 at .* \\(\\d+ calls\\)"
                  + " \\(expected within 5000 ms\\)");
      assertThat(outcomes.get(1).collectiveFailure())
          .hasMessage(
              "Cannot connect rank 1 with its neighbours: rank 0 did not connect (expected within"
                  + " 5000 ms)");
      assertThat(between.get(0).passedOn()).as("bytes that it decrypted").isPositive();
    } finally {
      for (GoBetween each : between) {
        each.close();
      }
    }
  }

  @Test
  void readsAStoreOfTheOldTypeToo() throws Exception {
    Keys keys = new Keys(folder);
    Path old = keys.keyStore("old.jks", "JKS");
    RingTls tls =
        RingTls.of(
            Keys.stores(old, Keys.PASSWORD, "JKS", Optional.of(keys.trustStore(old, "JKS"))));
    for (Outcome<float[]> outcome :
        Rings.overRing(
            2,
            guard(tls),
            DEADLINES,
            (rank, address) -> address,
            collective -> Rings.sum(collective, 10))) {
      assertThat(outcome.orThrow()).isEqualTo(Rings.undisturbed(2, 10));
    }
  }

  @Test
  void saysWhatIsWrongWithAStoreAndNeverItsPassword() throws Exception {
    Path damaged = Files.write(folder.resolve("damaged.p12"), new byte[] {1, 2, 3});
    Path missing = folder.resolve("missing.p12");
    refuses(
        Keys.stores(missing, Keys.PASSWORD, "PKCS12", Optional.empty()),
        "Cannot read the key store for TLS: " + missing + " (expected a file on every machine)");
    refuses(
        Keys.stores(ours, "another", "PKCS12", Optional.empty()),
        "Cannot read the key store for TLS: " + ours + ": the password is wrong (expected PKCS12)");
    refuses(
        Keys.stores(damaged, Keys.PASSWORD, "PKCS12", Optional.empty()),
        "Cannot read the key store for TLS: "
            + damaged
            + ": it is damaged or of another type (expected PKCS12)");
    refuses(
        Keys.stores(ours, Keys.PASSWORD, "PEM", Optional.empty()),
        "Cannot read the key store for TLS: type PEM (expected JKS or PKCS12)");
    refuses(
        Keys.stores(trust, Keys.PASSWORD, "PKCS12", Optional.empty()),
        "Cannot use the key store for TLS: " + trust + ": no key in it (expected a private key)");
    refuses(
        Keys.stores(ours, Keys.PASSWORD, "PKCS12", Optional.of(missing)),
        "Cannot read the trust store for TLS: " + missing + " (expected a file on every machine)");
    refuses(
        new RingTls.Stores(
            ours,
            Keys.PASSWORD,
            Optional.of("another"),
            "PKCS12",
            Optional.empty(),
            Optional.empty(),
            "PKCS12"),
        "Cannot read the key for TLS: "
            + ours
            + ": the key's password is wrong (expected spark.ssl.rpc.keyPassword, or"
            + " spark.ssl.rpc.keyStorePassword if the key has none of its own)");
    assertThat(Keys.stores(ours, Keys.PASSWORD, "PKCS12", Optional.of(trust)))
        .hasToString("Stores[keyStore=" + ours + ", trustStore=Optional[" + trust + "]]");
  }

  private static void refuses(RingTls.Stores stores, String message) {
    assertThatThrownBy(() -> RingTls.of(stores))
        .isInstanceOf(ZoneException.class)
        .hasMessage(message)
        .satisfies(e -> assertThat(((ZoneException) e).kind()).isEqualTo(ErrorKind.USER));
  }

  private static SSLContext contextOf(Path keyStore) throws Exception {
    KeyStore keys = KeyStore.getInstance(keyStore.toFile(), Keys.PASSWORD.toCharArray());
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, Keys.PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLSv1.3");
    context.init(managers.getKeyManagers(), new TrustManager[] {new TrustAll()}, null);
    return context;
  }

  private static SSLSocket tlsSocket(Path keyStore, int port) throws Exception {
    SSLSocket socket =
        (SSLSocket) contextOf(keyStore).getSocketFactory().createSocket("localhost", port);
    socket.startHandshake();
    return socket;
  }

  private static final class TrustAll implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  /** Decrypts what comes, by a key of his own, and passes it on. */
  private static final class GoBetween implements AutoCloseable {
    private final ServerSocket server;
    private final AtomicLong passed = new AtomicLong();
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();

    GoBetween(Path keyStore, InetSocketAddress target) throws Exception {
      server = contextOf(keyStore).getServerSocketFactory().createServerSocket(0);
      daemon(
          () -> {
            while (true) {
              Socket here = server.accept();
              Socket there = tlsSocket(keyStore, target.getPort());
              sockets.addAll(List.of(here, there));
              daemon(() -> pass(here, there));
              daemon(() -> pass(there, here));
            }
          });
    }

    InetSocketAddress address() {
      return new InetSocketAddress("localhost", server.getLocalPort());
    }

    long passedOn() {
      return passed.get();
    }

    private void pass(Socket from, Socket to) throws IOException {
      byte[] buffer = new byte[1024];
      int count = from.getInputStream().read(buffer);
      while (count >= 0) {
        passed.addAndGet(count);
        to.getOutputStream().write(buffer, 0, count);
        count = from.getInputStream().read(buffer);
      }
      to.close();
    }

    private static void daemon(Callable work) {
      Thread thread =
          new Thread(
              () -> {
                try {
                  work.call();
                } catch (Exception e) {
                  Thread.currentThread().interrupt(); // An end of a connection, or of the test.
                }
              });
      thread.setDaemon(true);
      thread.start();
    }

    private interface Callable {
      void call() throws Exception;
    }

    @Override
    public void close() throws IOException {
      server.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }
}
