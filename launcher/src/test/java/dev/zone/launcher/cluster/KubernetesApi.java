package dev.zone.launcher.cluster;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An API server that keeps what it is sent, lists it by labels and tells those that watch, and does
 * nothing about it: what becomes of a pod a test says.
 */
public final class KubernetesApi implements AutoCloseable {
  private static final Pattern OBJECTS =
      Pattern.compile(
          "/(?:api/v1|apis/[^/]+/[^/]+)/namespaces/(?<namespace>[^/]+)/(?<kind>[a-z]+)(?:/(?<name>[^/]+))?(?<sub>/.*)?");

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  // Guarded by itself: objects by kind, and by namespace and name.
  private final Map<String, Map<String, JsonObject>> objects = new TreeMap<>();
  private final List<Watch> watches = new CopyOnWriteArrayList<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final List<JsonObject> made = new CopyOnWriteArrayList<>();
  private final Map<String, JsonArray> fixed = new ConcurrentHashMap<>();
  private volatile boolean allowed = true;
  private volatile boolean known = true;
  private volatile boolean closed;
  private int version;

  private record Watch(String kind, String selector, BlockingQueue<JsonObject> events) {}

  /** Starts it on a port of its own. */
  public KubernetesApi() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  public String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Whether pods may be made. */
  public void allow(boolean pods) {
    allowed = pods;
  }

  /** Whether it knows who asks. */
  public void know(boolean whoAsks) {
    known = whoAsks;
  }

  /** What requests came, as method and path. */
  public List<String> asked() {
    return List.copyOf(asked);
  }

  /** Nodes with these resources that pods may have. */
  public void nodes(JsonObject... allocatable) {
    JsonArray items = new JsonArray();
    for (JsonObject each : allocatable) {
      JsonObject status = new JsonObject();
      status.add("allocatable", each);
      JsonObject node = new JsonObject();
      node.add("spec", new JsonObject());
      node.add("status", status);
      items.add(node);
    }
    fixed.put("/api/v1/nodes", items);
  }

  /** The objects of a kind, such as {@code pods}, that have a label; copies. */
  public List<JsonObject> objects(String kind, String label, String value) {
    List<JsonObject> found = new ArrayList<>();
    synchronized (objects) {
      for (JsonObject object : objects.getOrDefault(kind, Map.of()).values()) {
        if (value.equals(labels(object).get(label))) {
          found.add(object.deepCopy());
        }
      }
    }
    return found;
  }

  /** All objects of a kind; copies. */
  public List<JsonObject> objects(String kind) {
    synchronized (objects) {
      return objects.getOrDefault(kind, Map.of()).values().stream()
          .map(JsonObject::deepCopy)
          .toList();
    }
  }

  /** All objects that were ever made; copies, as they were then. */
  public List<JsonObject> made() {
    return List.copyOf(made);
  }

  /** Says what became of a pod. */
  public void become(JsonObject pod, JsonObject status) {
    synchronized (objects) {
      JsonObject kept = objects.get("pods").get(key(pod));
      if (kept != null) {
        kept.add("status", status);
        touch(kept);
        tell("MODIFIED", "pods", kept);
      }
    }
  }

  private static String key(JsonObject object) {
    JsonObject metadata = object.getAsJsonObject("metadata");
    return metadata.get("namespace").getAsString() + "/" + metadata.get("name").getAsString();
  }

  private static Map<String, String> labels(JsonObject object) {
    Map<String, String> labels = new TreeMap<>();
    if (object.getAsJsonObject("metadata").get("labels") instanceof JsonObject all) {
      all.entrySet().forEach(each -> labels.put(each.getKey(), each.getValue().getAsString()));
    }
    return labels;
  }

  private void touch(JsonObject object) {
    version++;
    object.getAsJsonObject("metadata").addProperty("resourceVersion", Integer.toString(version));
  }

  private void tell(String type, String kind, JsonObject object) {
    JsonObject event = new JsonObject();
    event.addProperty("type", type);
    event.add("object", object.deepCopy());
    for (Watch watch : watches) {
      if (watch.kind().equals(kind) && selects(watch.selector(), object)) {
        watch.events().add(event);
      }
    }
  }

  private static boolean selects(String selector, JsonObject object) {
    Map<String, String> labels = labels(object);
    for (String term : selector.split(",")) {
      String[] sides = term.split("=", 2);
      if (sides.length == 2 && !sides[1].equals(labels.get(sides[0]))) {
        return false;
      }
    }
    return true;
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      String method = exchange.getRequestMethod();
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      asked.add(method + " " + exchange.getRequestURI());
      Matcher matcher = OBJECTS.matcher(path);
      if (!known) {
        send(exchange, 401, failure(401, "Unauthorized").toString());
      } else if (path.equals("/version")) {
        send(exchange, 200, "{\"major\": \"1\", \"minor\": \"33\", \"gitVersion\": \"v1.33.1\"}");
      } else if (path.endsWith("/selfsubjectaccessreviews")) {
        JsonObject review = JsonParser.parseString(body).getAsJsonObject();
        JsonObject status = new JsonObject();
        status.addProperty("allowed", allowed);
        review.add("status", status);
        send(exchange, 201, review.toString());
      } else if (fixed.containsKey(path)) {
        send(exchange, 200, list(fixed.get(path)).toString());
      } else if (matcher.matches()) {
        object(exchange, method, matcher, body);
      } else {
        send(exchange, 404, failure(404, "NotFound").toString());
      }
    }
  }

  private void object(HttpExchange exchange, String method, Matcher path, String body)
      throws IOException {
    String kind = path.group("kind");
    Optional<String> name = Optional.ofNullable(path.group("name"));
    String selector = parameter(exchange, "labelSelector");
    if (method.equals("GET") && parameter(exchange, "watch").equals("true")) {
      watch(exchange, kind, selector);
      return;
    }
    String key = path.group("namespace") + "/" + name.orElse("");
    int code = 200;
    JsonObject answer;
    synchronized (objects) {
      Map<String, JsonObject> all = objects.computeIfAbsent(kind, any -> new TreeMap<>());
      switch (method) {
        case "GET" -> answer = name.isPresent() ? all.get(key) : list(selected(all, selector));
        case "DELETE" -> {
          List<JsonObject> gone = name.isPresent() ? one(all.get(key)) : selected(all, selector);
          gone.forEach(object -> remove(kind, object));
          answer = name.isPresent() && gone.isEmpty() ? null : new JsonObject();
        }
        default -> {
          JsonObject object = JsonParser.parseString(body).getAsJsonObject();
          answer = put(kind, path.group("namespace"), object);
          code = method.equals("POST") ? 201 : 200;
        }
      }
      answer = answer == null ? null : answer.deepCopy();
    }
    if (answer == null) {
      send(exchange, 404, failure(404, "NotFound").toString());
    } else {
      send(exchange, code, answer.toString());
    }
  }

  private static List<JsonObject> one(JsonObject object) {
    return object == null ? List.of() : List.of(object);
  }

  private static List<JsonObject> selected(Map<String, JsonObject> all, String selector) {
    return all.values().stream().filter(object -> selects(selector, object)).toList();
  }

  private JsonObject put(String kind, String namespace, JsonObject object) {
    JsonObject metadata = object.getAsJsonObject("metadata");
    metadata.addProperty("namespace", namespace);
    Map<String, JsonObject> all = objects.get(kind);
    JsonObject before = all.get(key(object));
    metadata.addProperty(
        "uid",
        before == null
            ? UUID.randomUUID().toString()
            : before.getAsJsonObject("metadata").get("uid").getAsString());
    metadata.addProperty(
        "creationTimestamp", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    if (before != null && before.has("status")) {
      object.add("status", before.get("status"));
    } else if (kind.equals("pods")) {
      JsonObject status = new JsonObject();
      status.addProperty("phase", "Pending");
      object.add("status", status);
    }
    touch(object);
    all.put(key(object), object);
    tell(before == null ? "ADDED" : "MODIFIED", kind, object);
    if (before == null) {
      made.add(object.deepCopy());
    }
    return object;
  }

  /** With what it owns, as Kubernetes' collector does. */
  private void remove(String kind, JsonObject object) {
    objects.get(kind).remove(key(object));
    tell("DELETED", kind, object);
    String uid = object.getAsJsonObject("metadata").get("uid").getAsString();
    for (String each : List.copyOf(objects.keySet())) {
      for (JsonObject other : List.copyOf(objects.get(each).values())) {
        if (other.getAsJsonObject("metadata").get("ownerReferences") instanceof JsonArray owners) {
          for (JsonElement owner : owners) {
            if (owner.getAsJsonObject().get("uid").getAsString().equals(uid)) {
              remove(each, other);
            }
          }
        }
      }
    }
  }

  private JsonObject list(List<JsonObject> items) {
    JsonArray array = new JsonArray();
    items.forEach(array::add);
    return list(array);
  }

  private JsonObject list(JsonArray items) {
    JsonObject metadata = new JsonObject();
    metadata.addProperty("resourceVersion", Integer.toString(version));
    JsonObject list = new JsonObject();
    list.addProperty("kind", "List");
    list.addProperty("apiVersion", "v1");
    list.add("metadata", metadata);
    list.add("items", items.deepCopy());
    return list;
  }

  private void watch(HttpExchange exchange, String kind, String selector) throws IOException {
    if (exchange.getRequestHeaders().containsKey("Upgrade")) {
      // Clients then watch over plain HTTP.
      send(exchange, 503, failure(503, "ServiceUnavailable").toString());
      return;
    }
    Watch watch = new Watch(kind, selector, new LinkedBlockingQueue<>());
    watches.add(watch);
    try {
      exchange.getResponseHeaders().add("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, 0);
      OutputStream out = exchange.getResponseBody();
      while (!closed) {
        JsonObject event = watch.events().poll(100, TimeUnit.MILLISECONDS);
        if (event != null) {
          out.write((event + "\n").getBytes(StandardCharsets.UTF_8));
          out.flush();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      watches.remove(watch);
    }
  }

  private static String parameter(HttpExchange exchange, String name) {
    String query = exchange.getRequestURI().getRawQuery();
    for (String part : query == null ? new String[0] : query.split("&")) {
      if (part.startsWith(name + "=")) {
        return URLDecoder.decode(part.substring(name.length() + 1), StandardCharsets.UTF_8);
      }
    }
    return "";
  }

  private static JsonObject failure(int code, String reason) {
    JsonObject status = new JsonObject();
    status.addProperty("kind", "Status");
    status.addProperty("apiVersion", "v1");
    status.addProperty("status", "Failure");
    status.addProperty("reason", reason);
    status.addProperty("code", code);
    return status;
  }

  private static void send(HttpExchange exchange, int code, String json) throws IOException {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(code, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    closed = true;
    server.stop(0);
    threads.shutdownNow();
  }
}
