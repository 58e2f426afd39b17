/**
 * What computes loss and gradient of a local batch. Knows nothing of workers, epochs, files or
 * Spark.
 */
package dev.zone.jobs.engine;
