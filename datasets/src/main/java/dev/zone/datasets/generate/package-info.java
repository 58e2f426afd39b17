/**
 * Generated industrial data: physical enough that a better model scores better, deterministic by
 * seed on every platform.
 */
package dev.zone.datasets.generate;
