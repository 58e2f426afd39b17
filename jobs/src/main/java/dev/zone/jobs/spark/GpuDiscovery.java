package dev.zone.jobs.spark;

import dev.zone.conf.gpu.NvidiaSmi;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.api.resource.ResourceDiscoveryPlugin;
import org.apache.spark.resource.ResourceInformation;
import org.apache.spark.resource.ResourceRequest;

/**
 * Tells an executor which GPUs its container has; for clusters that give containers GPUs without
 * telling which. Named by {@code spark.resources.discoveryPlugin}.
 */
public final class GpuDiscovery implements ResourceDiscoveryPlugin {
  /** Begins the address of a GPU that was promised and is not to be seen. */
  static final String UNSEEN = "unseen-";

  private final NvidiaSmi driver;

  /** Made by Spark. */
  public GpuDiscovery() {
    this(new NvidiaSmi());
  }

  GpuDiscovery(NvidiaSmi driver) {
    this.driver = driver;
  }

  @Override
  public Optional<ResourceInformation> discoverResource(ResourceRequest request, SparkConf conf) {
    if (!request.id().resourceName().equals("gpu")) {
      return Optional.empty();
    }
    List<String> addresses = new ArrayList<>();
    driver.ask().gpus().forEach(gpu -> addresses.add(Integer.toString(gpu.index())));
    // With fewer than it asked for an executor dies and says nothing of use. The worker that trains
    // in it says why it cannot, or goes on without.
    while (addresses.size() < request.amount()) {
      addresses.add(UNSEEN + addresses.size());
    }
    return Optional.of(new ResourceInformation("gpu", addresses.toArray(String[]::new)));
  }
}
