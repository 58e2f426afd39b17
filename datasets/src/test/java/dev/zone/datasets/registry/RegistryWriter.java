package dev.zone.datasets.registry;

import dev.zone.conf.DatasetName;
import dev.zone.datasets.format.Digests;
import dev.zone.datasets.storage.Storage;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * Feeds a dataset, as a process of its own: {@code ROOT FIRST COUNT GO}; the root is a path or a
 * URI.
 */
final class RegistryWriter {
  static final DatasetName NAME = DatasetName.parse("chip/lots");

  private RegistryWriter() {}

  public static void main(String[] arguments) {
    int first = Integer.parseInt(arguments[1]);
    int count = Integer.parseInt(arguments[2]);
    Path go = Path.of(arguments[3]);
    Storage root =
        arguments[0].contains("://")
            ? Storage.of(URI.create(arguments[0]), Map.of())
            : Storage.local(Path.of(arguments[0]));
    RegisteredDataset dataset = new Registry(root).open(NAME);
    System.out.println("ready");
    while (!Files.exists(go)) {
      LockSupport.parkNanos(1_000_000L);
    }
    for (int lot = first; lot < first + count; lot++) {
      feed(dataset, lot);
      System.out.println(lot);
    }
  }

  static String key(int lot) {
    return Digests.ofText("lot " + lot);
  }

  /** Feeds a lot of a row, whose content and key tell which it is. */
  static Feed feed(RegisteredDataset dataset, int lot) {
    FeedWriter writer = dataset.begin(Instant.now());
    byte[] content = ("lot " + lot + "\n").getBytes(StandardCharsets.UTF_8);
    FedFile file = new FedFile(lot + ".csv", key(lot), 1, 1);
    Part part = writer.part(0, 1, Optional.empty(), "csv", out -> out.write(content));
    writer.end(file, List.of(part));
    writer.reject(out -> out.write("{}\n".getBytes(StandardCharsets.UTF_8)));
    return dataset.commit(writer, "line-" + lot, Instant.now());
  }
}
