/** The operation by which ranks combine their gradients. Knows nothing of models or Spark. */
package dev.zone.jobs.collective;
