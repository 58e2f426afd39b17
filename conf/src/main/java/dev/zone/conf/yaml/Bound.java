package dev.zone.conf.yaml;

/**
 * A record read from a file, with the places of its values for the problems that rules find later.
 */
public record Bound<T>(T value, Locations locations) {}
