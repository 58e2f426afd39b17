package dev.zone.conf;

import dev.zone.conf.yaml.Default;
import dev.zone.conf.yaml.Doc;
import dev.zone.conf.yaml.Matches;
import dev.zone.conf.yaml.Range;
import dev.zone.conf.yaml.Size;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One data centre's cluster: its master, its machines, its storage. */
@Doc("One data centre's cluster.")
public record CentreSpec(
    @Doc(
            "Where Spark runs applications: `local[N]` or `local[*]` (the machine that submits), `spark://host:port` (standalone; several masters with commas), `yarn`, or `k8s://https://host:port`.")
        @Matches(
            value =
                CentreSpec.LOCAL
                    + "|"
                    + CentreSpec.STANDALONE
                    + "|yarn|k8s://"
                    + CentreSpec.ADDRESS,
            expected = "local[N], spark://host:port, yarn or k8s://https://host:port")
        String master,
    @Doc("Where an application's driver runs: `client`, on the machine that submits, or `cluster`.")
        @Default("client")
        DeployMode deployMode,
    @Doc(
            "Folder of the centre's runs, jars and data: `hdfs://…`, or `file:/…` for a file system that every machine of the centre has mounted there. `~` stands for the home of whoever submits, with a local master only.")
        String storage,
    @Doc(
            "Folders that every machine of the centre has mounted at the same path. Data below them are read where they lie; others are sent to the storage.")
        @Default("[]")
        List<String> shared,
    @Doc("Kinds of machines. Required but with a local master, which has the machine that submits.")
        @Default("[]")
        @Size(min = 0, max = 100) List<ShapeSpec> machines,
    @Doc("The most that one job may ask for.") @Default("{}") LimitSpec limits,
    @Doc("YARN's queue.") Optional<String> queue,
    @Doc("Kubernetes: where the application runs and from which image.")
        Optional<KubernetesSpec> kubernetes,
    @Doc(
            "Address of a standalone master's submission server, which cluster deploy mode needs. Default: port 6066 of the master's host.")
        @Matches(value = CentreSpec.ADDRESS, expected = "http://host:port")
        Optional<String> submissionServer,
    @Doc(
            "Address of a standalone master's web interface, by which free places are counted. Default: port 8080 of the master's host.")
        @Matches(value = CentreSpec.ADDRESS, expected = "http://host:port")
        Optional<String> masterPage,
    @Doc("Folder of Hadoop's configuration files (`core-site.xml` and so on).")
        Optional<String> hadoopConf,
    @Doc(
            "The site's own SPARK_HOME where people submit, of the same minor version. It is used in place of Zone's; the application's jars are checked against its own before anything is sent.")
        Optional<String> sparkHome,
    @Doc("Whose CUDA libraries jobs on GPUs load.") @Default("site") CudaLibraries cudaLibraries,
    @Doc("Spark's properties, passed on as they are; those that Zone sets itself are refused.")
        @Default("{}")
        Map<String, String> spark,
    @Doc("Variables of the environment of drivers and workers.") @Default("{}")
        Map<String, String> environment,
    @Doc(
            "How workers compute of jobs that do not say it themselves. Default: in the fastest way that was measured.")
        Optional<ResourceSpec.ComputingSpec> computing) {

  /** A local master, as a regular expression; its group is the number of places. */
  public static final String LOCAL = "local\\[([1-9][0-9]{0,3}|\\*)]";

  /** Standalone masters, as a regular expression. */
  public static final String STANDALONE =
      "spark://[A-Za-z0-9._-]{1,253}:[0-9]{1,5}(,[A-Za-z0-9._-]{1,253}:[0-9]{1,5}){0,9}";

  /** Of an HTTP server, as a regular expression. */
  static final String ADDRESS = "https?://[A-Za-z0-9._-]{1,253}(:[0-9]{1,5})?";

  public CentreSpec {
    shared = List.copyOf(shared);
    machines = List.copyOf(machines);
    spark = Copies.ordered(spark);
    environment = Copies.ordered(environment);
  }

  /** Where a driver runs. */
  public enum DeployMode {
    CLIENT,
    CLUSTER
  }

  /** Vector instructions of a processor, each with those before it. */
  public enum Instructions {
    PLAIN,
    AVX2,
    AVX512,
    /** And products of bfloat16 numbers. */
    AVX512BF16
  }

  /** Whose CUDA libraries are loaded. */
  public enum CudaLibraries {
    /** Those that are installed on the machines. */
    SITE,
    /** NVIDIA's redistributable ones, packed into the bundle. */
    BUNDLED
  }

  @Doc("A kind of machine.")
  public record ShapeSpec(
      @Doc("Its name.") @Matches(value = ZoneSpec.NAME, expected = ZoneSpec.NAME_WORDS) String name,
      @Doc("How many of them there are.") @Default("1") @Range(min = 1, max = 100_000) int count,
      @Doc("Cores that jobs may use on one.") @Range(min = 1, max = 4096) int cores,
      @Doc("Memory that jobs may use on one, Java's heaps and native together.") DataSize memory,
      @Doc(
              "The part of it that heaps never take: on a standalone cluster the rest is what its Spark worker offers (`SPARK_WORKER_MEMORY`).")
          Optional<DataSize> nativeMemory,
      @Doc(
              "The vector instructions that its processors have, which decides the native library that computes.")
          @Default("avx2")
          Instructions instructions,
      @Doc("Its GPUs.") Optional<GpuSpec> gpus) {

    /** What Java's heaps may take together. */
    public DataSize heapMemory() {
      return new DataSize(memory.bytes() - nativeMemory.map(DataSize::bytes).orElse(0L));
    }
  }

  @Doc("The GPUs of a machine, all alike.")
  public record GpuSpec(
      @Doc("How many.") @Range(min = 1, max = 16) int count,
      @Doc("As NVIDIA names it, such as `A100`.") String model,
      @Doc("Memory of each.") DataSize memory,
      @Doc("CUDA compute capability, such as 8.0.")
          @Matches(value = "[1-9][0-9]?\\.[0-9]", expected = "a version such as 8.0")
          String computeCapability) {}

  @Doc("The most that one job may ask for. What is not given is not limited.")
  public record LimitSpec(
      @Doc("Workers.") @Range(min = 1, max = 1024) Optional<Integer> workers,
      @Doc("Cores of all workers together.") @Range(min = 1, max = 262_144) Optional<Integer> cores,
      @Doc("Memory of all workers together.") Optional<DataSize> memory,
      @Doc("GPUs of all workers together.") @Range(min = 0, max = 16_384) Optional<Integer> gpus) {}

  @Doc("Where on a Kubernetes cluster an application runs, and from what.")
  public record KubernetesSpec(
      @Doc("Namespace.")
          @Default("default")
          @Matches(
              value = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?",
              expected = "lower case letters, digits and '-', at most 63")
          String namespace,
      @Doc("Image with a JDK 17 and Spark, of the minor version that Zone has.") String image,
      @Doc("Account that the driver starts its workers with.") @Default("default")
          String serviceAccount,
      @Doc(
              "Claim of a volume that many pods can write (ReadWriteMany). It is mounted in every pod at the storage's path, and must be mounted there where people submit too.")
          String volumeClaim,
      @Doc(
              "File with a pod, on the machine that submits, that driver and workers are made from: node selectors, tolerations, users and the like.")
          Optional<String> podTemplate,
      @Doc("Context of the kubeconfig of whoever submits. Default: the one that is current.")
          Optional<String> context) {}

  /** The vector instructions that all machines have. */
  public Instructions instructions() {
    return machines.stream()
        .map(ShapeSpec::instructions)
        .min(Comparator.naturalOrder())
        .orElse(Instructions.PLAIN);
  }

  /** YARN's queue; the one that YARN takes for applications that name none, if none is given. */
  public String queueOrDefault() {
    return queue.orElse("default");
  }

  /** Whether applications run on the machine that submits. */
  public boolean isLocal() {
    return master.startsWith("local[");
  }

  public boolean isStandalone() {
    return master.startsWith("spark://");
  }

  public boolean isYarn() {
    return master.equals("yarn");
  }

  public boolean isKubernetes() {
    return master.startsWith("k8s://");
  }
}
