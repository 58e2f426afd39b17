/** Plain Deeplearning4j. */
package dev.zone.bench.dl4j;
