/**
 * Parquet files as tables of plain columns, by the format's own library. With {@code storage} the
 * only package that knows a class of Hadoop's, which that library's interfaces name.
 */
package dev.zone.datasets.parquet;
