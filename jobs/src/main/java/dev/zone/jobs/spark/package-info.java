/**
 * The Spark application: the driver, the barrier stage whose tasks are the ranks, and the wiring of
 * data, model, collective and run folder. The only place that knows Spark.
 */
package dev.zone.jobs.spark;
