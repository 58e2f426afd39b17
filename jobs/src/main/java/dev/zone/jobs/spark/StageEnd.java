package dev.zone.jobs.spark;

import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * How a barrier stage ended, as far as the driver saw.
 *
 * @param outcomes of the ranks that answered
 * @param lost ranks whose executor went away, and what Spark says of it
 * @param silent ranks that neither answered nor went away although the stage had failed
 * @param failure what ended the stage, if it did not end by itself
 */
record StageEnd(
    SortedMap<Integer, RankOutcome> outcomes,
    Map<Integer, String> lost,
    SortedSet<Integer> silent,
    Optional<Throwable> failure) {}
