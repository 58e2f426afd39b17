/**
 * From rows to what a model sees: columns chosen and derived, rows split, windows cut, transforms
 * fitted on the training split alone, examples written once as float32 arrays and memory-mapped by
 * every worker.
 */
package dev.zone.datasets.prepare;
