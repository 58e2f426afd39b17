package dev.zone.launcher.cluster;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.hadoop.yarn.server.MiniYARNCluster;
import org.apache.hadoop.yarn.util.resource.ResourceUtils;

/**
 * A real HDFS and a real YARN in this JVM: a NameNode with two DataNodes, a ResourceManager with
 * two NodeManagers and two queues, whose containers are processes.
 */
public final class HadoopCluster implements AutoCloseable {
  /** The queue that has most of the cluster. */
  public static final String TRAINING = "training";

  /** The other. */
  public static final String SPARE = "spare";

  /** A queue that holds no application at all. */
  public static final String FULL = "full";

  private final MiniDFSCluster hdfs;
  private final MiniYARNCluster yarn;
  private final Path conf;

  private HadoopCluster(MiniDFSCluster hdfs, MiniYARNCluster yarn, Path conf) {
    this.hdfs = hdfs;
    this.yarn = yarn;
    this.conf = conf;
  }

  /**
   * Starts it.
   *
   * @param folder for its files
   */
  public static HadoopCluster start(Path folder) {
    try {
      Configuration configuration = new Configuration();
      MiniDFSCluster hdfs =
          new MiniDFSCluster.Builder(configuration, folder.resolve("hdfs").toFile())
              .numDataNodes(2)
              .build();
      hdfs.waitActive();
      YarnConfiguration own = new YarnConfiguration(hdfs.getConfiguration(0));
      own.set("yarn.scheduler.capacity.root.queues", TRAINING + "," + SPARE + "," + FULL);
      own.set("yarn.scheduler.capacity.root." + TRAINING + ".capacity", "80");
      own.set("yarn.scheduler.capacity.root." + SPARE + ".capacity", "10");
      own.set("yarn.scheduler.capacity.root." + FULL + ".capacity", "10");
      own.set("yarn.scheduler.capacity.root." + FULL + ".maximum-applications", "0");
      own.set("yarn.scheduler.capacity.root." + SPARE + ".state", "STOPPED");
      own.set("yarn.scheduler.capacity.maximum-am-resource-percent", "0.9");
      own.set("yarn.scheduler.capacity.root." + TRAINING + ".maximum-am-resource-percent", "0.9");
      own.set("yarn.scheduler.minimum-allocation-mb", "128");
      own.set("yarn.scheduler.maximum-allocation-mb", "6144");
      own.set("yarn.scheduler.maximum-allocation-vcores", "4");
      own.set("yarn.nodemanager.vmem-check-enabled", "false");
      own.set(YarnConfiguration.YARN_MINICLUSTER_NM_PMEM_MB, "8192");
      own.set("yarn.nodemanager.resource.cpu-vcores", "8");
      own.set("yarn.minicluster.fixed.ports", "false");
      // Devices that are counted and given, and are not there.
      own.set("yarn.resource-types", "yarn.io/gpu");
      own.set("yarn.resource-types.yarn.io/gpu.maximum-allocation", "2");
      own.set("yarn.nodemanager.resource-type.yarn.io/gpu", "2");
      own.set(
          "yarn.scheduler.capacity.resource-calculator",
          "org.apache.hadoop.yarn.util.resource.DominantResourceCalculator");
      ResourceUtils.resetResourceTypes(own);
      own.set(
          "yarn.nodemanager.disk-health-checker.max-disk-utilization-per-disk-percentage", "99.9");
      System.setProperty("test.build.data", folder.resolve("yarn").toString());
      MiniYARNCluster yarn = new MiniYARNCluster("zone", 1, 2, 1, 1);
      yarn.init(own);
      yarn.start();
      Path conf = Files.createDirectories(folder.resolve("conf"));
      // Only what a site would say: what this JVM's own defaults are would hide the others' files.
      Configuration core = new Configuration(false);
      core.set("fs.defaultFS", hdfs.getURI().toString());
      write(core, conf.resolve("core-site.xml"));
      Configuration site = new Configuration(false);
      yarn.getConfig()
          .forEach(
              entry -> {
                if (entry.getKey().startsWith("yarn.")) {
                  site.set(entry.getKey(), entry.getValue());
                }
              });
      write(site, conf.resolve("yarn-site.xml"));
      Configuration dfs = new Configuration(false);
      dfs.set("dfs.replication", "2");
      write(dfs, conf.resolve("hdfs-site.xml"));
      return new HadoopCluster(hdfs, yarn, conf);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(Configuration configuration, Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      configuration.writeXml(out);
    }
  }

  /** The folder of its configuration's files. */
  public Path conf() {
    return conf;
  }

  /** YARN's own. */
  public Configuration configuration() {
    return yarn.getConfig();
  }

  /** HDFS's address. */
  public String address() {
    return hdfs.getURI().toString();
  }

  public FileSystem files() throws IOException {
    return hdfs.getFileSystem();
  }

  public MiniDFSCluster hdfs() {
    return hdfs;
  }

  /** A zone file with the cluster as its only centre. */
  public String zone(String queue) {
    return """
        name: works
        centres:
          hadoop:
            master: yarn
            deployMode: cluster
            queue: %s
            hadoopConf: %s
            storage: %s/zone
            machines:
              - name: m
                count: 2
                cores: 8
                memory: 8g
                instructions: %s
                gpus: {count: 2, model: A100, memory: 40g, computeCapability: 8.0}
            spark: {spark.authenticate: 'true', spark.network.crypto.enabled: 'true'}
        """
        .formatted(queue, conf, address(), SparkCluster.instructions());
  }

  @Override
  public void close() {
    yarn.stop();
    hdfs.shutdown();
  }
}
