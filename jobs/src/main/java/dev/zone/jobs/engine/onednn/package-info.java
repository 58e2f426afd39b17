/**
 * Graphs compiled to plans of oneDNN's primitives over memory that is allocated once. The plan
 * knows nothing of DL4J; it reads flat parameters and fills a flat gradient.
 */
package dev.zone.jobs.engine.onednn;
