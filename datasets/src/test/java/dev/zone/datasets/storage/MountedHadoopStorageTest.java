package dev.zone.datasets.storage;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/** Through Hadoop's client on a file system that is not HDFS: a folder that the client mounts. */
class MountedHadoopStorageTest extends StorageContract {
  @TempDir Path folder;

  @Override
  Storage fresh() {
    return Storage.of(
        URI.create("viewfs://tests/mounted/zone/run"),
        Map.of("fs.viewfs.mounttable.tests.link./mounted", folder.toUri().toString()));
  }
}
