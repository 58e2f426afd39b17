package dev.zone.jobs.spark;

import dev.zone.conf.error.ZoneException;
import dev.zone.jobs.collective.RingTls;
import java.io.File;
import java.util.Optional;
import org.apache.spark.SSLOptions;
import org.apache.spark.SparkEnv;
import scala.Option;

/** TLS for the ring where Spark's own connections have it. */
final class SparkTls {
  private static final String DEFAULT_TYPE = "JKS";

  private SparkTls() {}

  /**
   * The keys and certificates of {@code spark.ssl.rpc}, if that is enabled.
   *
   * @throws ZoneException (user) if they cannot be used
   */
  static Optional<RingTls> of(SparkEnv spark) {
    SSLOptions options = spark.securityManager().getRpcSSLOptions();
    if (!options.enabled()) {
      return Optional.empty();
    }
    if (options.keyStore().isEmpty() || options.keyStorePassword().isEmpty()) {
      throw ZoneException.user(
          "Cannot secure the workers' connections: spark.ssl.rpc.enabled is true (expected"
              + " spark.ssl.rpc.keyStore and keyStorePassword too)");
    }
    return Optional.of(
        RingTls.of(
            new RingTls.Stores(
                options.keyStore().get().toPath(),
                options.keyStorePassword().get(),
                optional(options.keyPassword()),
                optional(options.keyStoreType()).orElse(DEFAULT_TYPE),
                optional(options.trustStore()).map(File::toPath),
                optional(options.trustStorePassword()),
                optional(options.trustStoreType()).orElse(DEFAULT_TYPE))));
  }

  private static <T> Optional<T> optional(Option<T> option) {
    return option.isDefined() ? Optional.of(option.get()) : Optional.empty();
  }
}
