package dev.zone.datasets.format;

import dev.zone.conf.SourceSpec.FileSpec;
import java.nio.file.Path;

/**
 * A file of a dataset.
 *
 * @param name path below the data folder, '/' between folders
 * @param path where it lies, symbolic links resolved
 * @param spec the descriptor's entry that it belongs to
 */
record SourceFile(String name, Path path, FileSpec spec) {}
