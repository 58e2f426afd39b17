/** Deeplearning4j's parameter averaging on Spark. */
package dev.zone.bench.dl4jspark;
