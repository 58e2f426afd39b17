/**
 * What a job and a feed agree on: rows in columns with their origins, and prepared training
 * examples with their shapes and classes.
 */
package dev.zone.datasets;
