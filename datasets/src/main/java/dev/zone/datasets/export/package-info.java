/** Versions as files that Python and others read. */
package dev.zone.datasets.export;
