package dev.zone.bench;

import java.nio.file.Path;
import java.util.function.Function;

/**
 * One way to train.
 *
 * @param name for people and for the option that chooses contestants
 * @param workers that train one model together, each with a whole batch in a step
 * @param processes that do so side by side without knowing of each other
 * @param launch starts one of them; is given a folder for what it writes
 */
record Contestant(String name, int workers, int processes, Function<Path, Launch> launch) {}
