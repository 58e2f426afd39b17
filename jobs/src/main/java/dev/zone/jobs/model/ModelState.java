package dev.zone.jobs.model;

import java.nio.FloatBuffer;
import java.util.Optional;

/**
 * A trained network's numbers, read by absolute index from 0 to the limit.
 *
 * @param parameters float32 [n], in DL4J's order
 * @param updaterState float32, in DL4J's order; empty to leave it out
 * @param steps optimizer steps done
 * @param epochs epochs done
 */
public record ModelState(
    FloatBuffer parameters, Optional<FloatBuffer> updaterState, int steps, int epochs) {}
