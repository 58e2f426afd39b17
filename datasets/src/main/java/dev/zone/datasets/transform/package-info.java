/**
 * From a dataset's values to what a model sees: transforms fitted on the training split, and random
 * changes of training examples.
 */
package dev.zone.datasets.transform;
