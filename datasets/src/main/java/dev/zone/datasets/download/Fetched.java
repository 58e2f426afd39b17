package dev.zone.datasets.download;

import java.nio.file.Path;

/**
 * A file that is there, whole.
 *
 * @param wanted what was asked for
 * @param file where it lies
 * @param bytes its size
 * @param sha256 of its content, hexadecimal
 * @param isNew whether it was downloaded now, rather than there before
 */
public record Fetched(Wanted wanted, Path file, long bytes, String sha256, boolean isNew) {}
