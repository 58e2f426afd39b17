package dev.zone.jobs.spark;

import dev.zone.jobs.collective.Collective;
import dev.zone.jobs.collective.RingCollective;
import dev.zone.jobs.collective.RingEndpoint;
import dev.zone.jobs.collective.SharedMemoryGroup;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.SparkEnv;

/**
 * Brings the ranks of a barrier stage together: in shared memory if all are threads of one JVM,
 * else in a ring over TCP. Spark gives tasks no way to share an object, so the groups of this JVM
 * are kept here, for as long as their ranks run.
 */
final class Rendezvous {
  private static final String JVM = UUID.randomUUID().toString();
  private static final ConcurrentMap<String, SharedMemoryGroup> GROUPS = new ConcurrentHashMap<>();

  private Rendezvous() {}

  /**
   * Meets the other ranks of the stage's attempt; all must call it.
   *
   * @param run the run's id
   * @param secret of the run
   * @param deadline for each later operation
   */
  static Collective meet(BarrierTaskContext context, String run, byte[] secret, Duration deadline) {
    int rank = context.partitionId();
    // Executors run no RPC server of their own; where their blocks are served is where they are
    // reached.
    String host = SparkEnv.get().blockManager().blockManagerId().host();
    RingEndpoint endpoint = RingEndpoint.open(host);
    List<String[]> all =
        Arrays.stream(context.allGather(JVM + " " + host + " " + endpoint.port()))
            .map(line -> line.split(" ", -1))
            .toList();
    int attempt = context.stageAttemptNumber();
    if (all.stream().allMatch(line -> line[0].equals(JVM))) {
      endpoint.close();
      String key = run + "/" + context.stageId() + "/" + attempt;
      SharedMemoryGroup group =
          GROUPS.computeIfAbsent(key, any -> new SharedMemoryGroup(all.size(), deadline));
      Collective collective = group.join(rank);
      context.addTaskCompletionListener(
          done -> {
            GROUPS.remove(key);
          });
      return collective;
    }
    List<InetSocketAddress> addresses =
        all.stream()
            .map(line -> new InetSocketAddress(line[1], Integer.parseInt(line[2])))
            .toList();
    return RingCollective.connect(rank, endpoint, addresses, secret, attempt, deadline);
  }
}
