/**
 * What the launcher and the application both write of a run: its states, and who may work on it.
 * Everything goes through files that are made once, so that two writers never overwrite each other,
 * on whatever machines they are.
 */
package dev.zone.datasets.record;
