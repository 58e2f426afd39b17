package dev.zone.launcher.yarn;

import dev.zone.conf.DataSize;
import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.Names;
import dev.zone.conf.error.RootCause;
import dev.zone.conf.error.ZoneException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.yarn.api.protocolrecords.GetApplicationsRequest;
import org.apache.hadoop.yarn.api.records.ApplicationReport;
import org.apache.hadoop.yarn.api.records.NodeReport;
import org.apache.hadoop.yarn.api.records.NodeState;
import org.apache.hadoop.yarn.api.records.QueueInfo;
import org.apache.hadoop.yarn.api.records.QueueState;
import org.apache.hadoop.yarn.api.records.Resource;
import org.apache.hadoop.yarn.api.records.YarnApplicationState;
import org.apache.hadoop.yarn.client.api.YarnClient;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.hadoop.yarn.exceptions.YarnException;
import org.apache.hadoop.yarn.util.resource.ResourceUtils;

/**
 * YARN's ResourceManager, asked by its own client, so that whatever a site's configuration says
 * (high availability, Kerberos) holds.
 */
public final class ResourceManager implements AutoCloseable {
  /** YARN's name for GPUs. */
  public static final String GPU = "yarn.io/gpu";

  private static final long MEBI = 1 << 20;

  private final YarnClient client;
  private final String address;

  private ResourceManager(YarnClient client, String address) {
    this.client = client;
    this.address = address;
  }

  /**
   * What YARN has of something.
   *
   * @param memory of containers
   */
  public record Amount(DataSize memory, int cores, int gpus) {
    private static Amount of(Resource resource) {
      // YARN says -1 of what an application that never ran holds.
      return new Amount(
          new DataSize(Math.max(0, resource.getMemorySize()) * MEBI),
          Math.max(0, resource.getVirtualCores()),
          Math.toIntExact(gpus(resource)));
    }

    private static long gpus(Resource resource) {
      for (var each : resource.getResources()) {
        if (each.getName().equals(GPU)) {
          return each.getValue();
        }
      }
      return 0;
    }
  }

  /**
   * An application.
   *
   * @param state as YARN names it: ACCEPTED, RUNNING and so on
   * @param diagnostics what YARN says of it; may be empty
   */
  public record Application(
      String id, String name, String state, String queue, String diagnostics, Amount held) {
    private static Application of(ApplicationReport report) {
      var usage = report.getApplicationResourceUsageReport();
      return new Application(
          report.getApplicationId().toString(),
          report.getName(),
          report.getYarnApplicationState().name(),
          report.getQueue(),
          Optional.ofNullable(report.getDiagnostics()).orElse("").strip(),
          usage == null || usage.getUsedResources() == null
              ? new Amount(new DataSize(0), 0, 0)
              : Amount.of(usage.getUsedResources()));
    }
  }

  /**
   * A queue.
   *
   * @param running whether it takes applications
   * @param share of the cluster that is its own, percent
   * @param used of that share, percent
   */
  public record Queue(String name, boolean running, double share, double used) {}

  /** A machine that is up. */
  public record Node(String name, Amount total, Amount used) {
    /** How many containers of a size it can still take. */
    public int places(Amount each) {
      long byMemory =
          (total.memory().bytes() - used.memory().bytes()) / Math.max(1, each.memory().bytes());
      long byCores = (total.cores() - used.cores()) / Math.max(1, each.cores());
      long places = Math.min(byMemory, byCores);
      return (int)
          Math.max(
              0,
              each.gpus() == 0
                  ? places
                  : Math.min(places, (total.gpus() - used.gpus()) / each.gpus()));
    }
  }

  /**
   * Prepares to ask; nothing is sent yet.
   *
   * @param files of Hadoop's configuration
   */
  public static ResourceManager of(List<Path> files) {
    Configuration hadoop = new Configuration();
    files.forEach(file -> hadoop.addResource(new org.apache.hadoop.fs.Path(file.toUri())));
    YarnConfiguration configuration = new YarnConfiguration(hadoop);
    // Hadoop's own look at the types of resources knows the class path alone, and takes what it
    // does not know, GPUs say, for a mistake.
    ResourceUtils.resetResourceTypes(configuration);
    // Somebody waits for a command: a server that is gone is to be said so within seconds.
    Map.of(
            "yarn.resourcemanager.connect.max-wait.ms", "5000",
            "yarn.resourcemanager.connect.retry-interval.ms", "1000",
            "yarn.client.failover-max-attempts", "2",
            "ipc.client.connect.timeout", "5000",
            "ipc.client.connect.max.retries", "1",
            "ipc.client.connect.max.retries.on.timeouts", "1",
            "yarn.timeline-service.enabled", "false")
        .forEach(configuration::set);
    YarnClient client = YarnClient.createYarnClient();
    client.init(configuration);
    client.start();
    return new ResourceManager(client, configuration.get(YarnConfiguration.RM_ADDRESS));
  }

  /** Where it is. */
  public String address() {
    return address;
  }

  /** The largest container that it ever gives. */
  public Amount largest() {
    return ask(
        () ->
            Amount.of(
                client
                    .createApplication()
                    .getNewApplicationResponse()
                    .getMaximumResourceCapability()));
  }

  /** The machines that are up. */
  public List<Node> nodes() {
    return ask(
        () -> {
          List<Node> nodes = new ArrayList<>();
          for (NodeReport report : client.getNodeReports(NodeState.RUNNING)) {
            Resource used = report.getUsed();
            nodes.add(
                new Node(
                    report.getNodeId().toString(),
                    Amount.of(report.getCapability()),
                    used == null ? new Amount(new DataSize(0), 0, 0) : Amount.of(used)));
          }
          return nodes;
        });
  }

  /**
   * A queue that takes applications.
   *
   * @param title of the centre, for the message
   * @throws ZoneException of the user's if there is none of that name; of the environment if it is
   *     stopped
   */
  public Queue requireQueue(String name, String title) {
    Queue queue =
        queue(name)
            .orElseThrow(
                () -> {
                  List<String> queues = queues();
                  return ZoneException.user(
                      "Cannot submit to %s: YARN has no queue %s%s (expected one of %s)"
                          .formatted(
                              title,
                              name,
                              Names.suggestion(name, queues),
                              String.join(", ", queues)));
                });
    if (!queue.running()) {
      throw new ZoneException(
          ErrorKind.ENVIRONMENT,
          "Cannot submit to %s: its queue %s is stopped (expected one that takes applications)"
              .formatted(title, name));
    }
    return queue;
  }

  private Optional<Queue> queue(String name) {
    return ask(
        () ->
            client.getAllQueues().stream()
                .filter(queue -> isNamed(queue, name))
                .findFirst()
                .map(
                    queue ->
                        new Queue(
                            queue.getQueueName(),
                            queue.getQueueState() == QueueState.RUNNING,
                            100.0 * queue.getCapacity(),
                            100.0 * queue.getCurrentCapacity())));
  }

  private static boolean isNamed(QueueInfo queue, String name) {
    return queue.getQueueName().equals(name) || name.equals(queue.getQueuePath());
  }

  /** Names of the queues that applications are submitted to. */
  private List<String> queues() {
    return ask(
        () ->
            client.getAllQueues().stream()
                .filter(queue -> queue.getChildQueues().isEmpty())
                .map(QueueInfo::getQueueName)
                .sorted()
                .toList());
  }

  /** Applications that were submitted with a tag, the newest first. */
  public List<Application> tagged(String tag) {
    return ask(
        () -> {
          GetApplicationsRequest request = GetApplicationsRequest.newInstance();
          request.setApplicationTags(Set.of(tag));
          return applications(request);
        });
  }

  /** Applications that hold something or wait for it. */
  public List<Application> present() {
    return ask(
        () ->
            applications(
                GetApplicationsRequest.newInstance(
                    EnumSet.of(
                        YarnApplicationState.SUBMITTED,
                        YarnApplicationState.ACCEPTED,
                        YarnApplicationState.RUNNING))));
  }

  private List<Application> applications(GetApplicationsRequest request)
      throws IOException, YarnException {
    return client.getApplications(request).stream()
        .sorted(Comparator.comparing(ApplicationReport::getApplicationId).reversed())
        .map(Application::of)
        .toList();
  }

  /** Ends an application, at once. */
  public void kill(String id) {
    ask(
        () -> {
          client.killApplication(org.apache.hadoop.yarn.api.records.ApplicationId.fromString(id));
          return id;
        });
  }

  @Override
  public void close() {
    client.stop();
  }

  @FunctionalInterface
  private interface Question<T> {
    T ask() throws IOException, YarnException;
  }

  private <T> T ask(Question<T> question) {
    try {
      return question.ask();
    } catch (IOException | YarnException | RuntimeException e) {
      throw new ZoneException(
          ErrorKind.ENVIRONMENT,
          "Cannot reach YARN's ResourceManager: %s (%s; expected the address in yarn-site.xml to answer)"
              .formatted(address, RootCause.line(e)),
          e);
    }
  }
}
