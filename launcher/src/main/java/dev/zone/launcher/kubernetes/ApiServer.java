package dev.zone.launcher.kubernetes;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.zone.conf.CentreSpec;
import dev.zone.conf.CentreSpec.KubernetesSpec;
import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import dev.zone.launcher.runs.Json;
import io.fabric8.kubernetes.api.model.Quantity;
import java.net.HttpURLConnection;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * A centre's API server: the few questions that runs need. They are asked as the API's own JSON,
 * for the client's typed model takes seconds to load, and commands are to answer at once.
 */
public final class ApiServer implements AutoCloseable {
  /** Kubernetes' name for NVIDIA's GPUs. */
  private static final String GPU = "nvidia.com/gpu";

  private static final int NODES_OF_A_PAGE = 250;
  private static final int MOST_PAGES = 100;

  private final Api api;
  private final String address;
  private final String namespace;

  private ApiServer(Api api, String address, String namespace) {
    this.api = api;
    this.address = address;
    this.namespace = namespace;
  }

  /** Prepares to ask; nothing is sent yet. */
  public static ApiServer of(CentreSpec centre) {
    KubernetesSpec spec = centre.kubernetes().orElseThrow();
    String address = centre.master().substring("k8s://".length());
    return new ApiServer(Api.at(address, spec.context()), address, spec.namespace());
  }

  /** Asks an address at which nobody answers, so that what asking takes is loaded. */
  public static void rehearse(String address) {
    try (Api api = Api.at(address, Optional.empty())) {
      api.get("/version");
    } catch (Api.Failure e) {
      // As it must be.
      return;
    }
  }

  /** The version that it runs. */
  public String version() {
    return ask(() -> Json.text(api.get("/version"), "gitVersion"));
  }

  /**
   * Makes sure that whoever calls may make pods where the centre's are.
   *
   * @param title of the centre, for the message
   * @throws ZoneException of the environment if not
   */
  public void requirePermission(String title) {
    JsonObject wanted = new JsonObject();
    wanted.addProperty("namespace", namespace);
    wanted.addProperty("verb", "create");
    wanted.addProperty("resource", "pods");
    JsonObject spec = new JsonObject();
    spec.add("resourceAttributes", wanted);
    JsonObject review = new JsonObject();
    review.addProperty("apiVersion", "authorization.k8s.io/v1");
    review.addProperty("kind", "SelfSubjectAccessReview");
    review.add("spec", spec);
    JsonObject answer =
        ask(() -> api.post("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", review));
    if (!Json.isTrue(object(answer, "status"), "allowed")) {
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
    List<JsonObject> nodes = new ArrayList<>();
    try {
      Optional<String> more = Optional.of("");
      for (int page = 0; more.isPresent() && page < MOST_PAGES; page++) {
        JsonObject answer = api.get("/api/v1/nodes?limit=" + NODES_OF_A_PAGE + more.get());
        for (JsonObject node : objects(answer, "items")) {
          if (!Json.isTrue(object(node, "spec"), "unschedulable")) {
            nodes.add(node);
          }
        }
        more =
            Optional.of(Json.text(object(answer, "metadata"), "continue"))
                .filter(token -> !token.isEmpty())
                .map(token -> "&continue=" + URLEncoder.encode(token, StandardCharsets.UTF_8));
      }
    } catch (Api.Failure e) {
      if (e.code() == HttpURLConnection.HTTP_FORBIDDEN) {
        return Optional.empty();
      }
      throw unreachable(e);
    }
    return Optional.of(new Nodes(nodes.size(), sum(nodes, "cpu"), sum(nodes, GPU)));
  }

  private static long sum(List<JsonObject> nodes, String resource) {
    return nodes.stream()
        .map(node -> Json.text(object(object(node, "status"), "allocatable"), resource))
        .filter(quantity -> !quantity.isEmpty())
        .mapToLong(quantity -> Quantity.getAmountInBytes(Quantity.parse(quantity)).longValue())
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
    String selector =
        labels.entrySet().stream()
            .map(label -> label.getKey() + "=" + label.getValue())
            .collect(Collectors.joining(","));
    String path = pods() + "?labelSelector=" + URLEncoder.encode(selector, StandardCharsets.UTF_8);
    return ask(
        () ->
            objects(api.get(path), "items").stream()
                .map(ApiServer::state)
                .sorted(Comparator.comparing(PodState::name))
                .toList());
  }

  private String pods() {
    return "/api/v1/namespaces/" + namespace + "/pods";
  }

  private static PodState state(JsonObject pod) {
    JsonObject status = object(pod, "status");
    String phase = Json.text(status, "phase");
    return new PodState(
        Json.text(object(pod, "metadata"), "name"),
        phase.isEmpty() ? "Pending" : phase,
        reason(status).strip());
  }

  /** What a container says comes before what the scheduler said, which is older. */
  private static String reason(JsonObject status) {
    for (JsonObject container : objects(status, "containerStatuses")) {
      JsonObject state = object(container, "state");
      if (state.has("terminated")) {
        JsonObject terminated = object(state, "terminated");
        return text(terminated) + " exit code " + Json.text(terminated, "exitCode");
      }
      if (state.has("waiting")) {
        return text(object(state, "waiting"));
      }
    }
    for (JsonObject condition : objects(status, "conditions")) {
      if (Json.text(condition, "type").equals("PodScheduled")
          && Json.text(condition, "status").equals("False")) {
        return text(condition);
      }
    }
    return text(status);
  }

  /** An object's reason and the first line of its message. */
  private static String text(JsonObject object) {
    String reason = Json.text(object, "reason");
    String first = Json.text(object, "message").lines().findFirst().orElse("").strip();
    if (reason.isEmpty()) {
      return first;
    }
    return first.isEmpty() ? reason : reason + ": " + first;
  }

  /** Deletes pods with all of these labels, and with them what they own. */
  public void delete(Map<String, String> labels) {
    for (PodState pod : pods(labels)) {
      ask(() -> api.delete(pods() + "/" + pod.name()));
    }
  }

  @Override
  public void close() {
    api.close();
  }

  private static JsonObject object(JsonObject parent, String key) {
    return parent.get(key) instanceof JsonObject child ? child : new JsonObject();
  }

  private static List<JsonObject> objects(JsonObject parent, String key) {
    List<JsonObject> objects = new ArrayList<>();
    if (parent.get(key) instanceof JsonArray array) {
      for (JsonElement element : array) {
        if (element instanceof JsonObject object) {
          objects.add(object);
        }
      }
    }
    return objects;
  }

  private <T> T ask(Supplier<T> question) {
    try {
      return question.get();
    } catch (Api.Failure e) {
      throw unreachable(e);
    }
  }

  private ZoneException unreachable(Api.Failure failure) {
    String expected =
        switch (failure.code()) {
          case HttpURLConnection.HTTP_UNAUTHORIZED ->
              "credentials in the kubeconfig that it accepts; these may have expired";
          case HttpURLConnection.HTTP_FORBIDDEN ->
              "a role for the namespace " + namespace + "; docs/clusters.md has one";
          default -> "the API server to answer there";
        };
    return new ZoneException(
        ErrorKind.ENVIRONMENT,
        "Cannot use Kubernetes at %s: %s (expected %s)"
            .formatted(address, failure.getMessage(), expected),
        failure);
  }
}
