/**
 * Datasets that are fed: named, with versions that never change.
 *
 * <p>A registry is a folder on any storage, one folder below it a dataset, readable by people:
 *
 * <pre>
 * chip/wm811k/dataset.yaml                 the descriptor, as it was when the dataset was made
 * chip/wm811k/created.json                 who made it, and when
 * chip/wm811k/versions/7.json              a version: its files with digests, the feeds that made it
 * chip/wm811k/feeds/FEED/data/0.parquet    what came of a feed's rows
 * chip/wm811k/feeds/FEED/rejected.jsonl    rows set aside, each with file, row and reason
 * chip/wm811k/refused/SHA256.json          content of which nothing was taken, and by which feed
 * </pre>
 *
 * <p>A feed writes its files first, where nobody looks, and then makes the manifest of the next
 * version, which is there as a whole or not at all and never replaces another: that is the commit.
 * Whoever comes second finds the number taken and goes on top of the winner's version. So there are
 * no locks, and a writer that dies leaves at most files that no version names.
 */
package dev.zone.datasets.registry;
