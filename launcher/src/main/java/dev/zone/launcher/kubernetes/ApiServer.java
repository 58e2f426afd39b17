package dev.zone.launcher.kubernetes;

import dev.zone.conf.CentreSpec;
import dev.zone.conf.CentreSpec.KubernetesSpec;
import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A centre's API server, asked with the credentials that fabric8's client finds: the kubeconfig of
 * whoever calls, or a pod's own account.
 */
public final class ApiServer implements AutoCloseable {
  /** Kubernetes' name for NVIDIA's GPUs. */
  private static final String GPU = "nvidia.com/gpu";

  /** Somebody waits for a command: a server that is gone is to be said so within seconds. */
  private static final int LIMIT_MILLIS = 5000;

  private final KubernetesClient client;
  private final String address;
  private final String namespace;

  private ApiServer(KubernetesClient client, String address, String namespace) {
    this.client = client;
    this.address = address;
    this.namespace = namespace;
  }

  /** Prepares to ask; nothing is sent yet. */
  public static ApiServer of(CentreSpec centre) {
    KubernetesSpec spec = centre.kubernetes().orElseThrow();
    String address = centre.master().substring("k8s://".length());
    Config config =
        new ConfigBuilder(Config.autoConfigure(spec.context().orElse(null)))
            .withMasterUrl(address)
            .withNamespace(spec.namespace())
            .withConnectionTimeout(LIMIT_MILLIS)
            .withRequestTimeout(LIMIT_MILLIS)
            .withRequestRetryBackoffLimit(0)
            .build();
    return new ApiServer(
        new KubernetesClientBuilder().withConfig(config).build(), address, spec.namespace());
  }

  /** The version that it runs. */
  public String version() {
    return ask(() -> client.getKubernetesVersion().getGitVersion());
  }

  /**
   * Makes sure that whoever calls may make pods where the centre's are.
   *
   * @param title of the centre, for the message
   * @throws ZoneException of the environment if not
   */
  public void requirePermission(String title) {
    SelfSubjectAccessReview review =
        new SelfSubjectAccessReviewBuilder()
            .withNewSpec()
            .withNewResourceAttributes()
            .withNamespace(namespace)
            .withVerb("create")
            .withResource("pods")
            .endResourceAttributes()
            .endSpec()
            .build();
    SelfSubjectAccessReview answer =
        ask(() -> client.authorization().v1().selfSubjectAccessReview().create(review));
    if (answer.getStatus() == null || !Boolean.TRUE.equals(answer.getStatus().getAllowed())) {
      throw new ZoneException(
          ErrorKind.ENVIRONMENT,
          "Cannot submit to %s: you may not make pods in the namespace %s (expected a role that may; docs/clusters.md has one)"
              .formatted(title, namespace));
    }
  }

  /**
   * What the nodes have together.
   *
   * @param gpus that NVIDIA's device plugin offers
   */
  public record Nodes(int count, long cores, long gpus) {}

  /** The nodes that take pods; empty if whoever calls may not see them. */
  public Optional<Nodes> nodes() {
    try {
      List<Node> nodes =
          client.nodes().list().getItems().stream()
              .filter(node -> !Boolean.TRUE.equals(node.getSpec().getUnschedulable()))
              .toList();
      return Optional.of(new Nodes(nodes.size(), sum(nodes, "cpu"), sum(nodes, GPU)));
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
        return Optional.empty();
      }
      throw unreachable(e);
    }
  }

  private static long sum(List<Node> nodes, String resource) {
    return nodes.stream()
        .map(node -> node.getStatus().getAllocatable().get(resource))
        .filter(java.util.Objects::nonNull)
        .mapToLong(quantity -> Quantity.getAmountInBytes(quantity).longValue())
        .sum();
  }

  /**
   * A pod.
   *
   * @param phase as Kubernetes names it: Pending, Running, Succeeded, Failed or Unknown
   * @param reason why it is so, as far as Kubernetes says; may be empty
   */
  public record PodState(String name, String phase, String reason) {
    /** For people. */
    public String words() {
      return "pod %s is %s%s".formatted(name, phase, reason.isEmpty() ? "" : " (" + reason + ")");
    }
  }

  /** Pods with all of these labels, in the order of their names. */
  public List<PodState> pods(Map<String, String> labels) {
    return ask(
        () ->
            client.pods().inNamespace(namespace).withLabels(labels).list().getItems().stream()
                .map(ApiServer::state)
                .sorted(java.util.Comparator.comparing(PodState::name))
                .toList());
  }

  private static PodState state(Pod pod) {
    PodStatus status = pod.getStatus();
    String phase = status == null || status.getPhase() == null ? "Pending" : status.getPhase();
    return new PodState(
        pod.getMetadata().getName(), phase, status == null ? "" : reason(status).strip());
  }

  /** What a container says comes before what the scheduler said, which is older. */
  private static String reason(PodStatus status) {
    for (ContainerStatus container : status.getContainerStatuses()) {
      ContainerState state = container.getState();
      if (state != null && state.getTerminated() != null) {
        return text(state.getTerminated().getReason(), state.getTerminated().getMessage())
            + " exit code "
            + state.getTerminated().getExitCode();
      }
      if (state != null && state.getWaiting() != null) {
        return text(state.getWaiting().getReason(), state.getWaiting().getMessage());
      }
    }
    for (PodCondition condition : status.getConditions()) {
      if (condition.getType().equals("PodScheduled") && condition.getStatus().equals("False")) {
        return text(condition.getReason(), condition.getMessage());
      }
    }
    return text(status.getReason(), status.getMessage());
  }

  private static String text(String reason, String message) {
    String first = message == null ? "" : message.lines().findFirst().orElse("").strip();
    if (reason == null || reason.isEmpty()) {
      return first;
    }
    return first.isEmpty() ? reason : reason + ": " + first;
  }

  /** Deletes pods with all of these labels, and with them what they own. */
  public void delete(Map<String, String> labels) {
    ask(() -> client.pods().inNamespace(namespace).withLabels(labels).withGracePeriod(0).delete());
  }

  @Override
  public void close() {
    client.close();
  }

  private <T> T ask(Supplier<T> question) {
    try {
      return question.get();
    } catch (KubernetesClientException e) {
      throw unreachable(e);
    }
  }

  private ZoneException unreachable(KubernetesClientException failure) {
    String expected =
        switch (failure.getCode()) {
          case HttpURLConnection.HTTP_UNAUTHORIZED ->
              "credentials in the kubeconfig that it accepts; these may have expired";
          case HttpURLConnection.HTTP_FORBIDDEN ->
              "a role for the namespace " + namespace + "; docs/clusters.md has one";
          default -> "the API server to answer there";
        };
    return new ZoneException(
        ErrorKind.ENVIRONMENT,
        "Cannot use Kubernetes at %s: %s (expected %s)"
            .formatted(address, reason(failure), expected),
        failure);
  }

  /** The first line of the innermost cause: what is around it are the client's wordings. */
  private static String reason(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null && cause.getCause() != cause) {
      cause = cause.getCause();
    }
    String message =
        cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    return message.lines().findFirst().orElse("").strip();
  }
}
