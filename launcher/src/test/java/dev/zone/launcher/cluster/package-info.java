/** A Spark standalone cluster of real processes, for tests. */
package dev.zone.launcher.cluster;
