/**
 * Looks at data before a model does, and says what may mislead: duplicates across splits, columns
 * that give the label away, leaking groups, rare or missing classes.
 */
package dev.zone.datasets.admission;
