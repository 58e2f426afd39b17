/**
 * What the values of a dataset are like: small summaries that are made of some rows and joined, to
 * the same result in whatever order, and what changed from one to another.
 */
package dev.zone.datasets.profile;
