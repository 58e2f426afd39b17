/** Measurements: each compares two ways of doing the same, in turns, in one run. */
package dev.zone.bench;
