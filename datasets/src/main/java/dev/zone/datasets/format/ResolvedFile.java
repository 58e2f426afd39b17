package dev.zone.datasets.format;

import java.nio.file.Path;

/**
 * A file of a dataset, pinned.
 *
 * @param name path below the data folder, '/' between folders
 * @param path where it lies
 * @param bytes its size
 * @param sha256 of its content, hexadecimal
 */
public record ResolvedFile(String name, Path path, long bytes, String sha256) {}
