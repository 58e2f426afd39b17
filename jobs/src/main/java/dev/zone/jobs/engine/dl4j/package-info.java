/**
 * The reference engine: Deeplearning4j's own forward and backward pass, on flat vectors that are
 * views of its memory.
 */
package dev.zone.jobs.engine.dl4j;
