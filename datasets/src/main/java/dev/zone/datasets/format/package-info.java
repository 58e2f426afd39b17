/**
 * One reader a file format, from a dataset's descriptor to a {@link dev.zone.datasets.Table}. What
 * files say of themselves (sizes, names, shapes) is checked before it is believed.
 */
package dev.zone.datasets.format;
