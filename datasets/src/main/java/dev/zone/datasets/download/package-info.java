/**
 * Fetches a dataset's files from their official addresses.
 *
 * <p>What comes lies beside the file's place until it is whole:
 *
 * <pre>
 * lots.csv          the file, whole: it has its name only once every byte came and its digest is right
 * lots.csv.part     what came so far
 * .lots.csv.pull    where it comes from and what tells that version of it from another; once it is
 *                   whole its digest too. Whoever works on the file holds a lock on it
 * </pre>
 *
 * <p>A download that broke goes on from there where the server can, and the version is still the
 * same; else it is begun again. Nothing that a server says is believed: not a name, not a length.
 */
package dev.zone.datasets.download;
