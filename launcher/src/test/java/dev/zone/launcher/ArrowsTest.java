package dev.zone.launcher;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Who may know whom: modules, and the packages that alone know Spark, Deeplearning4j, Hadoop,
 * Kubernetes.
 */
class ArrowsTest {
  private static final String CONF = "dev.zone.conf..";
  private static final String DATASETS = "dev.zone.datasets..";
  private static final String JOBS = "dev.zone.jobs..";
  private static final String LAUNCHER = "dev.zone.launcher..";

  private static JavaClasses ours;

  @BeforeAll
  static void read() {
    ours =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.zone");
  }

  @Test
  void seesAllModules() {
    assertThat(ours).anyMatch(one -> one.getPackageName().startsWith("dev.zone.conf"));
    assertThat(ours).anyMatch(one -> one.getPackageName().startsWith("dev.zone.datasets"));
    assertThat(ours).anyMatch(one -> one.getPackageName().startsWith("dev.zone.jobs"));
    assertThat(ours).anyMatch(one -> one.getPackageName().startsWith("dev.zone.launcher"));
  }

  @Test
  void confKnowsNothingOfOurs() {
    noClasses()
        .that(resideInAPackage(CONF))
        .should()
        .dependOnClassesThat(resideInAnyPackage(DATASETS, JOBS, LAUNCHER))
        .check(ours);
  }

  @Test
  void datasetsKnowConfOnly() {
    noClasses()
        .that(resideInAPackage(DATASETS))
        .should()
        .dependOnClassesThat(resideInAnyPackage(JOBS, LAUNCHER))
        .check(ours);
  }

  @Test
  void jobsDoNotKnowTheLauncher() {
    noClasses()
        .that(resideInAPackage(JOBS))
        .should()
        .dependOnClassesThat(resideInAPackage(LAUNCHER))
        .check(ours);
  }

  @Test
  void theLauncherNeverLoadsTheApplicationSparkOrDeeplearning4j() {
    noClasses()
        .that(resideInAPackage(LAUNCHER))
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                JOBS, "org.apache.spark..", "org.deeplearning4j..", "org.nd4j..", "scala.."))
        .check(ours);
  }

  @Test
  void sparkIsKnownOnlyWhereTheApplicationIsWired() {
    noClasses()
        .that(resideOutsideOfPackages("dev.zone.jobs.spark.."))
        .should()
        .dependOnClassesThat(resideInAnyPackage("org.apache.spark..", "scala.."))
        .check(ours);
  }

  @Test
  void hadoopIsKnownOnlyByStorageParquetAndYarn() {
    noClasses()
        .that(
            resideOutsideOfPackages(
                "dev.zone.datasets.storage..",
                "dev.zone.datasets.parquet..",
                "dev.zone.launcher.yarn.."))
        .should()
        .dependOnClassesThat(resideInAnyPackage("org.apache.hadoop.."))
        .check(ours);
  }

  @Test
  void kubernetesIsKnownOnlyByItsPackage() {
    noClasses()
        .that(resideOutsideOfPackages("dev.zone.launcher.kubernetes.."))
        .should()
        .dependOnClassesThat(resideInAnyPackage("io.fabric8.."))
        .check(ours);
  }

  @Test
  void deeplearning4jIsKnownOnlyByModelEngineAndUpdate() {
    noClasses()
        .that(
            resideOutsideOfPackages(
                "dev.zone.jobs.model..",
                "dev.zone.jobs.engine.dl4j..",
                "dev.zone.jobs.engine.onednn..",
                "dev.zone.jobs.update..",
                "dev.zone.jobs.spark.."))
        // Java itself cannot tell where a buffer of floats lies.
        .and()
        .doNotHaveFullyQualifiedName("dev.zone.jobs.collective.Span")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("org.deeplearning4j..", "org.nd4j..", "org.bytedeco.."))
        .check(ours);
  }

  @Test
  void graphsKnowNoLibraryAndPlansNotDeeplearning4j() {
    classes()
        .that(resideInAPackage("dev.zone.jobs.engine.graph"))
        .should()
        .onlyDependOnClassesThat(resideInAnyPackage("java..", "dev.zone.jobs.engine.graph"))
        .check(ours);
    noClasses()
        .that(resideInAPackage("dev.zone.jobs.engine.onednn"))
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("org.deeplearning4j..", "org.nd4j..", "dev.zone.jobs.engine.dl4j.."))
        .check(ours);
  }

  @Test
  void theTrainingLoopsSeamsKnowNothingBehindThem() {
    classes()
        .that(resideInAnyPackage("dev.zone.jobs.engine", "dev.zone.jobs.collective.."))
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                "java..",
                "javax..",
                "io.netty..",
                "org.bytedeco.javacpp",
                "org.slf4j..",
                "dev.zone.conf..",
                "dev.zone.jobs.engine",
                "dev.zone.jobs.window",
                "dev.zone.jobs.collective.."))
        .check(ours);
  }

  @Test
  void packagesOfAModuleAreFreeOfCycles() {
    slices().matching("dev.zone.conf.(*)..").should().beFreeOfCycles().check(ours);
    slices().matching("dev.zone.datasets.(*)..").should().beFreeOfCycles().check(ours);
    slices().matching("dev.zone.jobs.(*)..").should().beFreeOfCycles().check(ours);
    slices().matching("dev.zone.launcher.(*)..").should().beFreeOfCycles().check(ours);
  }
}
