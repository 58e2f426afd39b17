package dev.zone.launcher.bundle;

import dev.zone.launcher.cluster.KubernetesApi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A centre on Kubernetes with an API server of the tests', and who submits to it. */
final class KubernetesCentre implements AutoCloseable {
  private final Path folder;
  private final KubernetesApi api;

  /**
   * @param folder for the zone file {@code cloud.yaml} and the centre's {@code storage}
   */
  KubernetesCentre(Path folder) throws IOException {
    this.folder = folder;
    this.api = new KubernetesApi();
    Files.writeString(
        folder.resolve("pod.yaml"),
        """
        apiVersion: v1
        kind: Pod
        spec:
          tolerations: [{key: gpus, operator: Exists}]
          containers: [{name: main}]
        """);
    Files.writeString(
        folder.resolve("cloud.yaml"),
        """
        name: cloud
        centres:
          cluster:
            master: k8s://%s
            deployMode: cluster
            kubernetes:
              namespace: lab
              image: registry.test/spark:4.2
              serviceAccount: driver
              volumeClaim: share
              podTemplate: %s
            storage: file:%s
            machines:
              - {name: n, count: 1, cores: 8, memory: 16g, gpus: {count: 2, model: T4, memory: 16g, computeCapability: 7.5}}
            environment: {LC_ALL: C}
            # Pods find the API server by a name of the cluster's unless they are told.
            spark:
              spark.kubernetes.driver.master: '%s'
              spark.authenticate: 'true'
              spark.network.crypto.enabled: 'true'
        """
            .formatted(
                api.address(),
                folder.resolve("pod.yaml"),
                folder.resolve("storage"),
                api.address()));
  }

  KubernetesApi api() {
    return api;
  }

  /**
   * The command where this centre's zone is known.
   *
   * @param environment over what it has for that
   */
  ZoneProcess zone(Map<String, String> environment) {
    Map<String, String> all = new HashMap<>();
    all.put("ZONE", folder.resolve("cloud.yaml").toString());
    all.put("KUBECONFIG", folder.resolve("none").toString());
    all.putAll(environment);
    return new ZoneProcess(folder, all);
  }

  @Override
  public void close() {
    api.close();
  }
}
