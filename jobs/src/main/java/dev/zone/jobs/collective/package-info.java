/**
 * The operation by which ranks combine their gradients. Knows nothing of models or Spark.
 *
 * <p>Ranks in one JVM meet in a {@link dev.zone.jobs.collective.SharedMemoryGroup}, others in a
 * {@link dev.zone.jobs.collective.RingCollective}; both add in the same order. A ring is guarded
 * ({@link dev.zone.jobs.collective.RingGuard}): both ends of a connection prove that they know the
 * run's secret, inside TLS if there is {@link dev.zone.jobs.collective.RingTls}, and every message
 * must be the one that is due. Outside TLS messages are neither hidden nor protected from somebody
 * on the path between two ranks; that nobody else is believed holds with and without.
 */
package dev.zone.jobs.collective;
