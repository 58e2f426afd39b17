package dev.zone.conf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zone.conf.error.Problem;
import dev.zone.conf.error.Problems;
import dev.zone.conf.yaml.Effective;
import dev.zone.conf.yaml.YamlBinder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ZoneRulesTest {
  private static final String ZONE =
      """
      name: lab
      centres:
        hall:
          master: spark://m:7077
          deployMode: cluster
          storage: file:/srv/zone
          machines:
            - {name: cpu, count: 2, cores: 4, memory: 16g, nativeMemory: 8g}
      """;

  private static List<String> problems(String yaml) {
    Problems problems = new Problems();
    YamlBinder.parseBesideProblems(yaml, "z.yaml", ZoneSpec.class, problems)
        .ifPresent(bound -> ZoneRules.check(bound.value(), bound.locations(), problems));
    return problems.list().stream().map(Problem::toString).toList();
  }

  private static String with(String... lines) {
    return ZONE + String.join("\n", List.of(lines).stream().map(line -> "    " + line).toList());
  }

  @Test
  void findsNothingWrongWithARightZone() {
    assertThat(problems(ZONE)).isEmpty();
    assertThat(
            problems(
                with(
                    "shared: [/data]",
                    "limits: {workers: 8, memory: 32g}",
                    "spark: {spark.network.timeout: 120s, spark.dynamicAllocation.enabled: false,"
                        + " spark.ssl.rpc.keyStore: /etc/keys, spark.hadoop.dfs.replication: 2}",
                    "environment: {TZ: Asia/Shanghai}")))
        .isEmpty();
  }

  @Test
  void tellsAllMistakesAtOnceEachWithItsLineAndWhatWasMeant() {
    assertThat(
            problems(
                """
                name: lab
                centers: {}
                defaultCentre: a
                """))
        .containsExactly(
            "z.yaml:2:1: Cannot use key 'centers' (expected one of name, defaultCentre, centres), did you mean 'centres'?");
    assertThat(
            problems(
                """
                name: lab
                defaultCentre: hal
                centres:
                  hall:
                    master: local[4]
                    deployMode: cluster
                    queue: q
                    storage: hdfs://u:pw@nn/zone
                    machines: [{name: a, cores: 4, memory: 8g}]
                    environment: {OMP_NUM_THREADS: 8, MY_PASSWORD: x, a-b: y}
                """))
        .containsExactly(
            "z.yaml:2:16: Cannot use defaultCentre: hal (expected one of the centres hall), did you mean 'hall'?",
            "z.yaml:6:17: Cannot use centres.hall.deployMode: cluster (expected client, because the master is local)",
            "z.yaml:7:12: Cannot use centres.hall.queue: q (expected none, because the master is not yarn)",
            "z.yaml:8:14: Cannot use centres.hall.storage: hdfs://…@nn (expected no password in the address: many read this file)",
            "z.yaml:9:15: Cannot use centres.hall.machines: a list (expected none: a local master has the machine that submits)",
            "z.yaml:10:36: Cannot use centres.hall.environment.OMP_NUM_THREADS: set (expected the key computing.threads, and no more than 1 without a measurement)",
            "z.yaml:10:52: Cannot use centres.hall.environment.MY_PASSWORD: … (expected no secrets in a file that many read; machines' own settings do)",
            "z.yaml:10:60: Cannot use centres.hall.environment.a-b: a-b (expected a name of letters, digits and '_')");
  }

  @Test
  void tellsContradictionsBesideValuesThatCannotBeUsedAndComparesThoseWithNothing() {
    assertThat(
            problems(
                """
                name: lab
                defaultCentre: other
                centres:
                  hall:
                    master: sprk://m:7077
                    deploymode: cluster
                    storage: file:/srv/zone
                    queue: q
                    machines: [{name: a, cores: 4, memory: 8 gigs}]
                    limits: {workers: 900}
                    spark: {spark.speculation: true}
                    environment: {OMP_NUM_THREADS: 8}
                  office:
                    master: yarn
                    deployMode: clustr
                    storage: file:/srv/zone
                    machines:
                      - {name: a, cores: 4, memory: 8g, nativeMemory: 9g, instructions: avx1024}
                      - {name: a, cores: 4, memory: 8g, gpus: {count: 1, model: V100, memory: 16g, computeCapability: seven}}
                  other: 3
                """))
        .containsExactly(
            "z.yaml:5:13: Cannot use centres.hall.master: sprk://m:7077 (expected local[N], spark://host:port, yarn or k8s://https://host:port)",
            "z.yaml:6:5: Cannot use key 'deploymode' in centres.hall (expected one of master, deployMode, storage, shared, machines, limits, queue, kubernetes, submissionServer, masterPage, hadoopConf, sparkHome, cudaLibraries, spark, environment, computing), did you mean 'deployMode'?",
            "z.yaml:9:44: Cannot use centres.hall.machines.0.memory: 8 gigs (expected a size such as 512m or 3g)",
            "z.yaml:15:17: Cannot use centres.office.deployMode: clustr (expected one of client, cluster), did you mean 'cluster'?",
            "z.yaml:18:73: Cannot use centres.office.machines.0.instructions: avx1024 (expected one of plain, avx2, avx512, avx512bf16)",
            "z.yaml:19:103: Cannot use centres.office.machines.1.gpus.computeCapability: seven (expected a version such as 8.0)",
            "z.yaml:20:10: Cannot use centres.other: 3 (expected a mapping with the keys master, deployMode, storage, shared, machines, limits, queue, kubernetes, submissionServer, masterPage, hadoopConf, sparkHome, cudaLibraries, spark, environment, computing)",
            "z.yaml:11:32: Cannot use centres.hall.spark.spark.speculation: true (expected false: a second copy of a worker breaks the training (barrier mode))",
            "z.yaml:12:36: Cannot use centres.hall.environment.OMP_NUM_THREADS: set (expected the key computing.threads, and no more than 1 without a measurement)",
            "z.yaml:14:13: Cannot use centres.office.master: yarn (expected the key hadoopConf too: the folder with yarn-site.xml says where YARN is)",
            "z.yaml:16:14: Cannot use centres.office.storage: file:/srv/zone (expected hdfs://…, because the master is yarn)",
            "z.yaml:18:55: Cannot use centres.office.machines.0.nativeMemory: 9g (expected less than the machine's memory of 8g: Java's heaps need the rest)",
            "z.yaml:19:16: Cannot use centres.office.machines.1.name: a (expected each name once)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          spark.dynamicAllocation.enabled: true  | true (expected false: workers that train together come and go together (barrier mode))
          spark.speculation: true                | true (expected false: a second copy of a worker breaks the training (barrier mode))
          spark.task.maxFailures: 4              | 4 (expected 1, which Zone sets: the job's retry says how often a training is tried again)
          spark.executor.memory: 4g              | 4g (expected the job's resources.perWorker.memory)
          spark.yarn.queue: x                    | x (expected the key queue)
          spark.dynamicAllocation.enable: true   | true (expected a property that Spark has: spark.dynamicAllocation.enabled)
          executor.memory: 4g                    | 4g (expected a property that begins with spark.)
          spark.authenticate.secret: s3cret      | … (expected no secrets in a file that many read; spark-defaults.conf of SPARK_CONF_DIR takes them)
          spark.hadoop.fs.s3a.access.key: AKIA   | … (expected no secrets in a file that many read; spark-defaults.conf of SPARK_CONF_DIR takes them)
          """)
  void refusesPropertiesOfSparkThatBreakTrainingOrAreZonesOrSecret(String line, String said) {
    assertThat(problems(with("spark: {" + line + "}")))
        .singleElement()
        .asString()
        .endsWith(said)
        .startsWith("z.yaml:9:")
        .doesNotContain("s3cret", "AKIA");
  }

  @Test
  void refusesMachinesAndLimitsThatContradictThemselves() {
    assertThat(
            problems(
                """
                name: lab
                centres:
                  hall:
                    master: spark://m:7077
                    storage: file:/srv/zone
                    machines:
                      - {name: a, cores: 4, memory: 8g, nativeMemory: 8g}
                      - {name: a, cores: 2, memory: 4g, gpus: {count: 2, model: V100, memory: 16g, computeCapability: 8.0}}
                      - {name: h, cores: 2, memory: 4g, gpus: {count: 1, model: NVIDIA H100, memory: 80g, computeCapability: 9.0}}
                    limits: {workers: 9, cores: 9, memory: 17g, gpus: 4}
                """))
        .containsExactly(
            "z.yaml:7:55: Cannot use centres.hall.machines.0.nativeMemory: 8g (expected less than the machine's memory of 8g: Java's heaps need the rest)",
            "z.yaml:8:16: Cannot use centres.hall.machines.1.name: a (expected each name once)",
            "z.yaml:8:103: Cannot use centres.hall.machines.1.gpus.computeCapability: 8.0 (expected 7.0, which a V100 has)",
            "z.yaml:9:110: Cannot use centres.hall.machines.2.gpus.computeCapability: 9.0 (expected "
                + Cuda.refusal()
                + ")",
            "z.yaml:10:23: Cannot use centres.hall.limits.workers: 9 (expected at most 8, as each worker takes a core or more)",
            "z.yaml:10:33: Cannot use centres.hall.limits.cores: 9 (expected at most 8, which is all that the centre has)",
            "z.yaml:10:55: Cannot use centres.hall.limits.gpus: 4 (expected at most 3, which is all that the centre has)",
            "z.yaml:10:44: Cannot use centres.hall.limits.memory: 17g (expected at most 16g, which is all that the centre has)");
  }

  @Test
  void saysWhatAMasterNeedsBesides() {
    assertThat(
            problems(
                """
                name: lab
                centres:
                  a: {master: yarn, storage: hdfs://nn/zone, machines: [{name: m, cores: 1, memory: 4g}], masterPage: http://m:1}
                  b: {master: k8s://https://h:1, storage: file:/srv/zone}
                  c:
                    master: k8s://https://h:1
                    kubernetes: {image: i, volumeClaim: zone, podTemplate: pod.yaml}
                    storage: file:/srv/zone
                    machines: [{name: m, cores: 1, memory: 4g}]
                """))
        .containsExactly(
            "z.yaml:3:15: Cannot use centres.a.master: yarn (expected the key hadoopConf too: the folder with yarn-site.xml says where YARN is)",
            "z.yaml:3:6: Cannot use centres.a.deployMode: client (expected cluster, because the master is yarn)",
            "z.yaml:3:103: Cannot use centres.a.masterPage: http://m:1 (expected none, because the master is not spark://…)",
            "z.yaml:4:15: Cannot use centres.b.master: k8s://https://h:1 (expected the key kubernetes too, with the image to run)",
            "z.yaml:4:6: Cannot use centres.b.deployMode: client (expected cluster, because the master is k8s://…)",
            "z.yaml:4:6: Cannot use centres.b.machines: none (expected the kinds of machines that the cluster has)",
            "z.yaml:6:5: Cannot use centres.c.deployMode: client (expected cluster, because the master is k8s://…)",
            "z.yaml:7:60: Cannot use centres.c.kubernetes.podTemplate: pod.yaml (expected an absolute path, such as /etc/pod.yaml)");
  }

  @Test
  void saysWhichStorageAMasterCanUse() {
    assertThat(
            problems(
                """
                name: lab
                centres:
                  a:
                    master: yarn
                    deployMode: cluster
                    hadoopConf: /etc/hadoop
                    storage: file:/srv/zone
                    machines: [{name: m, cores: 1, memory: 4g}]
                  b:
                    master: spark://m:7077
                    storage: hdfs://nn/zone
                    machines: [{name: m, cores: 1, memory: 4g}]
                  c:
                    master: k8s://https://h:1
                    deployMode: cluster
                    kubernetes: {image: i, volumeClaim: zone}
                    storage: hdfs://nn/zone
                    machines: [{name: m, cores: 1, memory: 4g}]
                """))
        .containsExactly(
            "z.yaml:7:14: Cannot use centres.a.storage: file:/srv/zone (expected hdfs://…, because the master is yarn)",
            "z.yaml:11:14: Cannot use centres.b.storage: hdfs://nn/zone (expected file:/…, a file system that the centre's machines and those that submit have mounted)",
            "z.yaml:17:14: Cannot use centres.c.storage: hdfs://nn/zone (expected file:/…, a file system that the centre's machines and those that submit have mounted)");
  }

  @ParameterizedTest
  @CsvSource({
    "3.7, true",
    "5.0, true",
    "5.3, true",
    "6.2, true",
    "7.2, true",
    "8.0, true",
    "8.6, true",
    "8.9, true",
    "3.5, false",
    "9.0, false",
    "10.0, false",
    "12.0, false"
  })
  void knowsWhichGpusTheLibraryHasCodeFor(String capability, boolean runs) {
    assertThat(Cuda.canRun(capability)).isEqualTo(runs);
  }

  @Test
  void listsEveryValueWithItsPlaceOrAsADefault() {
    Problems problems = new Problems();
    var bound = YamlBinder.parse(ZONE, "z.yaml", ZoneSpec.class, List.of(), problems).orElseThrow();
    List<String> lines =
        Effective.of(bound).stream()
            .map(one -> one.path() + "=" + one.value() + " " + one.where().orElse("default"))
            .toList();
    assertThat(lines)
        .contains(
            "name=lab z.yaml:1:7",
            "centres.hall.deployMode=cluster z.yaml:5:17",
            "centres.hall.machines.0.nativeMemory=8g z.yaml:8:68",
            "centres.hall.shared=[] default",
            "centres.hall.cudaLibraries=site default")
        .noneMatch(line -> line.startsWith("centres.hall.queue"));
  }
}
