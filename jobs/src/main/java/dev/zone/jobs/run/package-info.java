/**
 * The run folder as the application writes it: state, events, metrics, error, provenance, result.
 * Knows neither Spark nor DL4J.
 */
package dev.zone.jobs.run;
