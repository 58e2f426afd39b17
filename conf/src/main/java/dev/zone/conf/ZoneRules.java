package dev.zone.conf;

import dev.zone.conf.CentreSpec.DeployMode;
import dev.zone.conf.CentreSpec.ShapeSpec;
import dev.zone.conf.error.Names;
import dev.zone.conf.error.Problems;
import dev.zone.conf.yaml.Locations;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What must hold between the values of a zone file, beyond what each must be by itself. */
public final class ZoneRules {
  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,200}");

  /** Variables that Zone sets, and the key that decides them. */
  private static final Map<String, String> OWNED_VARIABLES =
      Map.of(
          "OMP_NUM_THREADS", "the key computing.threads, and no more than 1 without a measurement",
          "OPENBLAS_NUM_THREADS",
              "the key computing.threads, and no more than 1 without a measurement",
          "SPARK_HOME", "the key sparkHome",
          "HADOOP_CONF_DIR", "the key hadoopConf",
          "YARN_CONF_DIR", "the key hadoopConf",
          "CUDA_VISIBLE_DEVICES", "nothing: Zone gives each worker its device");

  private final ZoneSpec zone;
  private final Rules rules;

  private ZoneRules(ZoneSpec zone, Rules rules) {
    this.zone = zone;
    this.rules = rules;
  }

  /**
   * Finds all that is wrong with a zone and can be known from its file alone.
   *
   * @param locations of the zone's values, as the binder returns them; a value that is not sound by
   *     them is compared with nothing
   */
  public static void check(ZoneSpec zone, Locations locations, Problems problems) {
    new ZoneRules(zone, new Rules(locations, problems)).check();
  }

  private void check() {
    zone.defaultCentre()
        .filter(name -> !zone.centres().containsKey(name))
        .filter(name -> rules.at().given("centres." + name).isEmpty())
        .ifPresent(
            name ->
                rules.refuseName(
                    "defaultCentre",
                    name,
                    "one of the centres " + String.join(", ", zone.centres().keySet()),
                    zone.centres().keySet()));
    zone.centres()
        .forEach(
            (name, centre) -> {
              String at = "centres." + name;
              if (!name.matches(ZoneSpec.NAME)) {
                rules.refuse(at, name, "a name of " + ZoneSpec.NAME_WORDS);
              }
              if (isSound(at, "master")) {
                checkMaster(centre, at);
              }
              checkStorage(centre, at);
              checkMachines(centre, at);
              checkLimits(centre, at);
              centre.spark().forEach((key, value) -> checkProperty(key, value, at + ".spark"));
              centre.environment().keySet().forEach(key -> checkVariable(key, at + ".environment"));
            });
  }

  private boolean isSound(String at, String key) {
    return rules.at().isSound(at + "." + key);
  }

  private void checkMaster(CentreSpec centre, String at) {
    boolean mode = isSound(at, "deployMode");
    if (mode && centre.isLocal() && centre.deployMode() == DeployMode.CLUSTER) {
      rules.refuse(at + ".deployMode", "cluster", "client, because the master is local");
    }
    if (centre.queue().isPresent() && !centre.isYarn()) {
      rules.refuse(at + ".queue", centre.queue().get(), "none, because the master is not yarn");
    }
    if (centre.kubernetes().isPresent() && !centre.isKubernetes()) {
      rules.refuse(at + ".kubernetes", "a mapping", "none, because the master is not k8s://…");
    }
    if (centre.isKubernetes() && centre.kubernetes().isEmpty() && isSound(at, "kubernetes")) {
      rules.refuse(
          at + ".master", centre.master(), "the key kubernetes too, with the image to run");
    }
    if (centre.isYarn() && centre.hadoopConf().isEmpty() && isSound(at, "hadoopConf")) {
      rules.refuse(
          at + ".master",
          centre.master(),
          "the key hadoopConf too: the folder with yarn-site.xml says where YARN is");
    }
    boolean yarn = centre.isYarn();
    if (mode && (yarn || centre.isKubernetes()) && centre.deployMode() == DeployMode.CLIENT) {
      rules.refuse(
          at + ".deployMode",
          "client",
          "cluster, because the master is " + (yarn ? "yarn" : "k8s://…"));
    }
    centre
        .kubernetes()
        .flatMap(CentreSpec.KubernetesSpec::podTemplate)
        .filter(path -> !path.startsWith("/"))
        .ifPresent(
            path ->
                rules.refuse(
                    at + ".kubernetes.podTemplate",
                    path,
                    "an absolute path, such as /etc/pod.yaml"));
    if (!centre.isStandalone()) {
      centre
          .submissionServer()
          .ifPresent(
              url ->
                  rules.refuse(
                      at + ".submissionServer", url, "none, because the master is not spark://…"));
      centre
          .masterPage()
          .ifPresent(
              url ->
                  rules.refuse(
                      at + ".masterPage", url, "none, because the master is not spark://…"));
    }
    if (centre.isStandalone()) {
      checkPorts(centre.master(), at);
    }
  }

  private void checkPorts(String master, String at) {
    for (String address : master.substring("spark://".length()).split(",")) {
      int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
      if (port < 1 || port > 65_535) {
        rules.refuse(at + ".master", master, "ports from 1 to 65535");
      }
    }
  }

  private void checkStorage(CentreSpec centre, String at) {
    if (isSound(at, "storage") && isSound(at, "master")) {
      checkAddress(centre, at);
    }
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < centre.shared().size(); i++) {
      String folder = centre.shared().get(i);
      if (!folder.startsWith("/") || folder.contains("/../") || folder.endsWith("/..")) {
        rules.refuse(at + ".shared." + i, folder, "an absolute folder, such as /data");
      } else if (!seen.add(folder)) {
        rules.refuse(at + ".shared." + i, folder, "each folder once");
      }
    }
  }

  private void checkAddress(CentreSpec centre, String at) {
    String storage = centre.storage();
    if (storage.chars().anyMatch(c -> Character.isWhitespace(c) || c == '"' || c == '\'')) {
      rules.refuse(at + ".storage", storage, "no blanks or quotes, which JVM options do not bear");
    }
    if (storage.startsWith("~")) {
      if (!centre.isLocal()) {
        rules.refuse(
            at + ".storage", storage, "an absolute address: ~ is another folder on each machine");
      } else if (!storage.equals("~") && !storage.startsWith("~/")) {
        rules.refuse(at + ".storage", storage, "~/… or an address such as file:/srv/zone");
      }
      return;
    }
    uri(storage)
        .ifPresentOrElse(
            uri -> checkAddress(uri, centre, at),
            () ->
                rules.refuse(at + ".storage", storage, "hdfs://host:port/folder or file:/folder"));
  }

  private static Optional<URI> uri(String text) {
    try {
      return Optional.of(new URI(text)).filter(uri -> uri.getScheme() != null);
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  private void checkAddress(URI uri, CentreSpec centre, String at) {
    if (uri.getUserInfo() != null && uri.getUserInfo().contains(":")) {
      rules.refuse(
          at + ".storage",
          uri.getScheme() + "://…@" + uri.getHost(),
          "no password in the address: many read this file");
      return;
    }
    if (uri.getPath() == null || !uri.getPath().startsWith("/") || uri.getPath().equals("/")) {
      rules.refuse(
          at + ".storage", centre.storage(), "a folder of its own, such as hdfs://host:port/zone");
    }
    boolean file = uri.getScheme().equals("file");
    if (file && centre.isYarn()) {
      rules.refuse(at + ".storage", centre.storage(), "hdfs://…, because the master is yarn");
    }
    if (!file && !centre.isYarn()) {
      rules.refuse(
          at + ".storage",
          centre.storage(),
          "file:/…, a file system that the centre's machines and those that submit have mounted");
    }
    if (file && uri.getAuthority() != null) {
      rules.refuse(at + ".storage", centre.storage(), "file:/folder, without a host");
    }
  }

  private void checkMachines(CentreSpec centre, String at) {
    Set<String> names = new HashSet<>();
    for (int i = 0; i < centre.machines().size(); i++) {
      ShapeSpec shape = centre.machines().get(i);
      String path = at + ".machines." + i;
      if (!names.add(shape.name())) {
        rules.refuse(path + ".name", shape.name(), "each name once");
      }
      shape
          .nativeMemory()
          .filter(size -> size.compareTo(shape.memory()) >= 0)
          .ifPresent(
              size ->
                  rules.refuse(
                      path + ".nativeMemory",
                      size,
                      "less than the machine's memory of "
                          + shape.memory()
                          + ": Java's heaps need the rest"));
      shape.gpus().ifPresent(gpus -> checkGpus(gpus, path + ".gpus"));
    }
    if (!isSound(at, "master")) {
      return;
    }
    if (centre.isLocal() && !centre.machines().isEmpty()) {
      rules.refuse(at + ".machines", "a list", "none: a local master has the machine that submits");
    }
    if (!centre.isLocal() && centre.machines().isEmpty() && isSound(at, "machines")) {
      rules.refuse(at + ".machines", "none", "the kinds of machines that the cluster has");
    }
  }

  private void checkGpus(CentreSpec.GpuSpec gpus, String at) {
    String capability = gpus.computeCapability();
    if (!isSound(at, "computeCapability")) {
      return;
    }
    Cuda.capabilityOf(gpus.model())
        .filter(known -> !known.equals(capability))
        .ifPresent(
            known ->
                rules.refuse(
                    at + ".computeCapability",
                    capability,
                    known + ", which a " + gpus.model() + " has"));
    if (!Cuda.canRun(capability)) {
      rules.refuse(at + ".computeCapability", capability, Cuda.refusal());
    }
  }

  private void checkLimits(CentreSpec centre, String at) {
    if (centre.machines().isEmpty() || !isSound(at, "machines")) {
      return;
    }
    long cores = 0;
    long gpus = 0;
    long memory = 0;
    for (ShapeSpec shape : centre.machines()) {
      cores += (long) shape.count() * shape.cores();
      gpus += (long) shape.count() * shape.gpus().map(CentreSpec.GpuSpec::count).orElse(0);
      memory += shape.count() * shape.memory().bytes();
    }
    String has = ", which is all that the centre has";
    long allCores = cores;
    long allGpus = gpus;
    DataSize allMemory = new DataSize(memory);
    CentreSpec.LimitSpec limits = centre.limits();
    limits
        .workers()
        .filter(limit -> limit > allCores)
        .ifPresent(
            limit ->
                rules.refuse(
                    at + ".limits.workers",
                    limit,
                    "at most " + allCores + ", as each worker takes a core or more"));
    limits
        .cores()
        .filter(limit -> limit > allCores)
        .ifPresent(limit -> rules.refuse(at + ".limits.cores", limit, "at most " + allCores + has));
    limits
        .gpus()
        .filter(limit -> limit > allGpus)
        .ifPresent(limit -> rules.refuse(at + ".limits.gpus", limit, "at most " + allGpus + has));
    limits
        .memory()
        .filter(limit -> limit.compareTo(allMemory) > 0)
        .ifPresent(
            limit -> rules.refuse(at + ".limits.memory", limit, "at most " + allMemory + has));
  }

  private void checkProperty(String name, String value, String at) {
    String shown = SparkProperties.isSecret(name) ? "…" : value;
    SparkProperties.objection(name, value)
        .ifPresentOrElse(
            expected -> rules.refuse(at + "." + name, shown, expected),
            () -> suggest(name, shown, at));
  }

  /** A name that is nearly one that Zone knows sets nothing at all. */
  private void suggest(String name, String value, String at) {
    Names.misspelt(name, SparkProperties.known())
        .ifPresent(
            meant -> rules.refuse(at + "." + name, value, "a property that Spark has: " + meant));
  }

  private void checkVariable(String name, String at) {
    if (!VARIABLE.matcher(name).matches()) {
      rules.refuse(at + "." + name, name, "a name of letters, digits and '_'");
    } else if (OWNED_VARIABLES.containsKey(name)) {
      rules.refuse(at + "." + name, "set", OWNED_VARIABLES.get(name));
    } else if (name.startsWith("ZONE_")) {
      rules.refuse(at + "." + name, "set", "nothing: ZONE_ begins Zone's own variables");
    } else if (SparkProperties.isSecret(name)) {
      rules.refuse(
          at + "." + name, "…", "no secrets in a file that many read; machines' own settings do");
    }
  }
}
