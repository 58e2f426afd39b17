package dev.zone.jobs.spark;

import dev.zone.conf.PlanSpec;
import dev.zone.jobs.collective.Collective;
import dev.zone.jobs.collective.Deadlines;
import dev.zone.jobs.collective.RingCollective;
import dev.zone.jobs.collective.RingEndpoint;
import dev.zone.jobs.collective.RingGuard;
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
   * Meets the other ranks of the attempt; all must call it.
   *
   * @param attempt of the run
   * @param secret of the run
   */
  static Collective meet(BarrierTaskContext context, PlanSpec plan, int attempt, byte[] secret) {
    // Executors run no RPC server of their own; where their blocks are served is where they are
    // reached.
    String host = SparkEnv.get().blockManager().blockManagerId().host();
    RingEndpoint endpoint = RingEndpoint.open(host);
    boolean met = false;
    try {
      List<String[]> all =
          Arrays.stream(context.allGather(JVM + " " + host + " " + endpoint.port()))
              .map(line -> line.split(" ", -1))
              .toList();
      Deadlines deadlines =
          Deadlines.of(Duration.ofSeconds(plan.job().resources().deadlineSeconds()));
      if (all.stream().allMatch(line -> line[0].equals(JVM))) {
        return join(context, plan.run() + "/" + attempt, all.size(), deadlines);
      }
      List<InetSocketAddress> addresses =
          all.stream()
              .map(line -> new InetSocketAddress(line[1], Integer.parseInt(line[2])))
              .toList();
      RingGuard guard = new RingGuard(secret, attempt, SparkTls.of(SparkEnv.get()));
      met = true;
      return RingCollective.connect(context.partitionId(), endpoint, addresses, guard, deadlines);
    } finally {
      // From then on it is the ring's, which closes it when the rank before has come.
      if (!met) {
        endpoint.close();
      }
    }
  }

  private static Collective join(
      BarrierTaskContext context, String key, int size, Deadlines deadlines) {
    SharedMemoryGroup group =
        GROUPS.computeIfAbsent(key, any -> new SharedMemoryGroup(size, deadlines.operation()));
    Collective collective = group.join(context.partitionId());
    context.addTaskCompletionListener(
        done -> {
          GROUPS.remove(key);
        });
    return collective;
  }
}
