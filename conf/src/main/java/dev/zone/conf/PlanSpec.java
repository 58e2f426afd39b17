package dev.zone.conf;

import dev.zone.conf.yaml.Default;
import dev.zone.conf.yaml.Doc;
import dev.zone.conf.yaml.Matches;
import dev.zone.conf.yaml.Range;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A job with everything resolved and pinned: what the application is started with, and what
 * provenance records. The file {@code plan.yaml} of a run's folder.
 */
@Doc("A job with everything resolved and pinned.")
public record PlanSpec(
    @Doc("Version of this file's form.") @Range(min = 1, max = 1) int format,
    @Doc("The run's id.")
        @Matches(value = PlanSpec.RUN, expected = "lower case letters, digits, '.', '_' and '-'")
        String run,
    @Doc("The job, settings of the command line applied.") JobSpec job,
    @Doc("The dataset's descriptor.") DatasetSpec dataset,
    @Doc("Absolute path or URI of the dataset's folder; absent for generated data.")
        Optional<String> dataRoot,
    @Doc("The dataset's files, in the order in which their rows count.") @Default("[]")
        List<PlannedFile> files,
    @Doc("SHA-256 over the descriptor and the files' digests.")
        @Matches(value = "[0-9a-f]{64}", expected = "64 hexadecimal digits, lower case")
        String datasetDigest,
    @Doc("Name of the model's file below model-files/ in the run's folder, if the model is a file.")
        @Matches(
            value = "[A-Za-z0-9_][A-Za-z0-9._-]{0,150}",
            expected = "a file name of letters, digits, '.', '_' and '-'")
        Optional<String> modelFile,
    @Doc("Workers that train.") @Range(min = 1, max = 1024) int workers,
    @Doc("What executes the arithmetic, and with how much of the machine.") BackendSpec backend,
    @Doc("SHA-256 over the jars of the application's classpath.")
        @Matches(value = "[0-9a-f]{64}", expected = "64 hexadecimal digits, lower case")
        String classpathDigest,
    @Doc("Versions of zone, spark, dl4j and java, by these names.") Map<String, String> versions,
    @Doc("When the plan was made, ISO 8601, UTC.")
        @Matches(
            value = "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{8,18}Z",
            expected = "an instant such as 2026-01-31T12:00:00Z")
        String created,
    @Doc("What the training starts from, if not from random numbers.") Optional<StartSpec> from,
    @Doc("The Spark master that the run was planned for.") Optional<String> master,
    @Doc("What the registry knows of the dataset's version that may mislead.") @Default("[]")
        List<FindingSpec> findings) {
  /** The form that this class writes and reads. */
  public static final int FORMAT = 1;

  /** What a run's id looks like, as a regular expression: no path, safe as a folder. */
  public static final String RUN = "[a-z0-9][a-z0-9._-]{0,150}";

  public PlanSpec {
    files = List.copyOf(files);
    versions = Copies.ordered(versions);
    findings = List.copyOf(findings);
  }

  /** GPUs of each worker. */
  public int gpus() {
    return backend.device() == Device.CUDA ? job.resources().perWorker().gpus() : 0;
  }

  /** The same with the data elsewhere. */
  public PlanSpec withDataRoot(String root) {
    return with(run, Optional.of(root), created);
  }

  /** The same plan of another run. */
  public PlanSpec ofRun(String id, String when) {
    return with(id, dataRoot, when);
  }

  private PlanSpec with(String id, Optional<String> root, String when) {
    return new PlanSpec(
        format,
        id,
        job,
        dataset,
        root,
        files,
        datasetDigest,
        modelFile,
        workers,
        backend,
        classpathDigest,
        versions,
        when,
        from,
        master,
        findings);
  }

  @Doc("A file of the dataset.")
  public record PlannedFile(
      @Doc("Path relative to the data root, with '/'.") String path,
      @Doc("Size in bytes.") @Range(min = 0) long bytes,
      @Doc("SHA-256 of the content.")
          @Matches(value = "[0-9a-f]{64}", expected = "64 hexadecimal digits, lower case")
          String sha256) {
    public PlannedFile {
      if (!RelativePaths.isSafe(path)) {
        throw new IllegalArgumentException(
            "path " + path + " (expected a path below the data folder)");
      }
    }
  }

  @Doc("What may mislead whoever trains on a version.")
  public record FindingSpec(
      @Doc("Short name of the check.") String check,
      @Doc("Whether figures may mislead, or it is only worth knowing.") boolean warning,
      @Doc("What was found, for people.") String message) {}

  @Doc("Trained parameters that a training starts from.")
  public record StartSpec(
      @Doc("What was named: a run's id or a file.") String source,
      @Doc("Name of the model's archive below model-files/ in the run's folder.")
          @Matches(
              value = "[A-Za-z0-9_][A-Za-z0-9._-]{0,150}",
              expected = "a file name of letters, digits, '.', '_' and '-'")
          String file,
      @Doc("SHA-256 of the archive.")
          @Matches(value = "[0-9a-f]{64}", expected = "64 hexadecimal digits, lower case")
          String sha256) {}

  @Doc("What executes ND4J's operations in a worker.")
  public record BackendSpec(
      @Doc("Variant of the native library that fits the machine's CPU; '' is the plain one.")
          @Matches(
              value = "|-onednn|-avx2|-avx512|-onednn-avx2|-onednn-avx512|-compat",
              expected =
                  "one of '', -onednn, -avx2, -avx512, -onednn-avx2, -onednn-avx512, -compat")
          String extension,
      @Doc("OpenMP threads of a worker.") @Range(min = 1, max = 1024) int ompThreads,
      @Doc("Java heap of a worker.") DataSize heap,
      @Doc("Memory outside the heap of a worker, for arrays.") DataSize nativeMemory,
      @Doc("What workers compute on.") @Default("cpu") Device device,
      @Doc("Whether layers are computed by oneDNN where it has them.") @Default("true")
          boolean oneDnn,
      @Doc("Whether training steps are computed in bfloat16.") @Default("false") boolean bf16) {
    /** The same with another build of the native library. */
    public BackendSpec withExtension(String other) {
      return new BackendSpec(other, ompThreads, heap, nativeMemory, device, oneDnn, bf16);
    }
  }

  /** What a worker computes on. */
  public enum Device {
    CPU,
    /** A GPU of its own. */
    CUDA
  }
}
