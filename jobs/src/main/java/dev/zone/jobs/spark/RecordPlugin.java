package dev.zone.jobs.spark;

import dev.zone.datasets.storage.Storage;
import dev.zone.jobs.run.Mirror;
import dev.zone.jobs.run.RunFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.SparkContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes workers' lines for the run's record to the driver, over Spark's own channel, and keeps
 * executors' logs with the record; for runs whose record is on a storage that is not mounted. Named
 * by {@code spark.plugins}.
 */
public final class RecordPlugin implements SparkPlugin {
  private static final Logger LOG = LoggerFactory.getLogger(RecordPlugin.class);
  private static final String PLACE = "place";

  /** The record that this driver keeps. */
  private static volatile RunFolder kept;

  /** Of this executor; null in a driver. */
  private static volatile PluginContext channel;

  /** To be called by the driver before Spark starts. */
  static void keep(RunFolder folder) {
    kept = folder;
  }

  /** Takes a line to the driver. */
  static void send(String file, String line) {
    try {
      channel.send(file + "\n" + line);
    } catch (IOException e) {
      // Without a driver the training ends anyway.
      LOG.warn("Cannot tell the driver", e);
    }
  }

  @Override
  public DriverPlugin driverPlugin() {
    return new DriverPlugin() {
      @Override
      public Map<String, String> init(SparkContext context, PluginContext plugin) {
        return Map.of(PLACE, kept.place());
      }

      @Override
      public Object receive(Object message) {
        String text = (String) message;
        int end = text.indexOf('\n');
        kept.appendLine(text.substring(0, end), text.substring(end + 1));
        return null;
      }
    };
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return new LogKeeper();
  }

  private static final class LogKeeper implements ExecutorPlugin {
    private Optional<Mirror> mirror = Optional.empty();

    @Override
    public void init(PluginContext context, Map<String, String> extra) {
      channel = context;
      WorkFolders.distant(extra.get(PLACE))
          .ifPresent(
              place -> {
                Storage storage = Storage.of(place, WorkFolders.hadoopProperties());
                mirror = Optional.of(new Mirror(storage));
                mirror
                    .get()
                    .followFromTheStart("logs/executor-" + context.executorID() + ".log", log());
                mirror.get().start();
              });
    }

    @Override
    public void shutdown() {
      mirror.ifPresent(Mirror::close);
    }
  }

  /** Where this process writes its log. */
  static Path log() {
    return Path.of(System.getProperty("zone.log", "zone.log")).toAbsolutePath();
  }
}
