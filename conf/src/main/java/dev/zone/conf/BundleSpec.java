package dev.zone.conf;

import dev.zone.conf.yaml.Doc;
import dev.zone.conf.yaml.Matches;
import dev.zone.conf.yaml.Range;
import dev.zone.conf.yaml.Size;
import java.util.List;

/** The file {@code bundle.yaml} of a bundle: all that it holds, with digests. */
@Doc("All that a bundle holds.")
public record BundleSpec(
    @Doc("Version of this file's form.") @Range(min = 1, max = 1) int format,
    @Doc("The zone and centre that it is for, `zone/centre`.") String centre,
    @Doc("Version of Zone.") String zone,
    @Doc("Version of Spark that the application was built with.") String spark,
    @Doc("Version of Scala that it was built with.") String scala,
    @Doc("What executes the arithmetic: native, or cuda beside it.") String backend,
    @Doc("The platform that the native libraries are for, with their variant.") String platform,
    @Doc("The plan, the model's files and the application's jars.") @Size(min = 1, max = 10_000) List<BundledFile> files) {
  /** The form that this class writes and reads. */
  public static final int FORMAT = 1;

  public BundleSpec {
    files = List.copyOf(files);
  }

  @Doc("A file of a bundle.")
  public record BundledFile(
      @Doc("Path in the bundle, with '/'.") String path,
      @Doc("Size in bytes.") @Range(min = 0) long bytes,
      @Doc("SHA-256 of the content.")
          @Matches(value = "[0-9a-f]{64}", expected = "64 hexadecimal digits, lower case")
          String sha256) {
    public BundledFile {
      if (!RelativePaths.isSafe(path)) {
        throw new IllegalArgumentException("path " + path + " (expected a path below the bundle)");
      }
    }
  }
}
