/** Spark MLlib. */
package dev.zone.bench.mllib;
