package dev.zone.conf;

import dev.zone.conf.yaml.ByKey;
import dev.zone.conf.yaml.Choice;
import dev.zone.conf.yaml.Default;
import dev.zone.conf.yaml.Doc;
import dev.zone.conf.yaml.Matches;
import dev.zone.conf.yaml.Named;
import dev.zone.conf.yaml.Range;
import dev.zone.conf.yaml.Size;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where a dataset's rows come from. */
@Choice(tag = "format")
@Doc("Where the rows come from.")
public sealed interface SourceSpec
    permits SourceSpec.Delimited,
        SourceSpec.Numpy,
        SourceSpec.Parquet,
        SourceSpec.Images,
        SourceSpec.Generated {
  List<FileSpec> files();

  /** The same format, other files. */
  SourceSpec withFiles(List<FileSpec> others);

  @Named("delimited")
  @Doc("Delimited text, plain or in zips.")
  record Delimited(
      @Doc("The files.") @Size(min = 1) List<FileSpec> files,
      @Doc("One character, or whitespace for any run of blanks.")
          @Default("','")
          @Matches(value = "[^\\r\\n\"]|whitespace", expected = "one character, or whitespace")
          String separator,
      @Doc(
              "Whether the first line names the columns. If not, the columns are the descriptor's, in its order.")
          @Default("true")
          boolean header,
      @Doc("Character set.") @Default("UTF-8") String encoding,
      @Doc("Texts that stand for a missing value.") @Default("['', NaN, nan, NA, null]")
          List<String> missing)
      implements SourceSpec {
    public Delimited {
      files = List.copyOf(files);
      missing = List.copyOf(missing);
    }

    @Override
    public SourceSpec withFiles(List<FileSpec> others) {
      return new Delimited(others, separator, header, encoding, missing);
    }
  }

  @Named("numpy")
  @Doc(
      "NumPy arrays: npz (a column an entry) or npy (one column, named by the file's `column` value). First axis: rows.")
  record Numpy(@Doc("The files.") @Size(min = 1) List<FileSpec> files) implements SourceSpec {
    public Numpy {
      files = List.copyOf(files);
    }

    @Override
    public SourceSpec withFiles(List<FileSpec> others) {
      return new Numpy(others);
    }
  }

  @Named("parquet")
  @Doc(
      "Parquet tables of plain columns: numbers, texts, dates and timestamps, true and false; an array of a tensor column is binary, unsigned bytes or little-endian floats.")
  record Parquet(@Doc("The files.") @Size(min = 1) List<FileSpec> files) implements SourceSpec {
    public Parquet {
      files = List.copyOf(files);
    }

    @Override
    public SourceSpec withFiles(List<FileSpec> others) {
      return new Parquet(others);
    }
  }

  @Named("images")
  @Doc(
      "Images (PNG, JPEG, BMP, PPM, PGM) in folders or zips; the tensor column holds the pixels, other columns come from names or an index.")
  record Images(
      @Doc("The files.") @Size(min = 1) List<FileSpec> files,
      @Doc("The tensor column that holds the pixels.") @Default("image") String column)
      implements SourceSpec {
    public Images {
      files = List.copyOf(files);
    }

    @Override
    public SourceSpec withFiles(List<FileSpec> others) {
      return new Images(others, column);
    }
  }

  @ByKey("generator")
  @Doc("Generated data, deterministic by its seed; records and reports say so.")
  record Generated(
      @Doc("waferMaps, runToFailure or canFrames.") Generator generator,
      @Doc("How many examples (maps, units or frames).") @Range(min = 1, max = 100_000_000)
          int count,
      @Doc("Seed.") @Default("1") long seed,
      @Doc("The generator's own parameters.") @Default("{}") Map<String, Double> parameters)
      implements SourceSpec {
    public Generated {
      parameters = Copies.ordered(parameters);
    }

    @Override
    public List<FileSpec> files() {
      return List.of();
    }

    @Override
    public SourceSpec withFiles(List<FileSpec> others) {
      return this;
    }
  }

  enum Generator {
    @Named("waferMaps")
    WAFER_MAPS,
    @Named("runToFailure")
    RUN_TO_FAILURE,
    @Named("canFrames")
    CAN_FRAMES
  }

  @Doc("A file or several of a kind.")
  record FileSpec(
      @Doc("Path below the data folder; '*' stands for any characters but '/', '**' for any.")
          String path,
      @Doc("The split its rows belong to.") Optional<SplitSpec.Split> split,
      @Doc("Entries of a zip, or files below the folder, that are data, with '*' and '**'.")
          Optional<String> entries,
      @Doc("A regular expression over the entry's path; its named groups become columns.")
          Optional<String> name,
      @Doc("A table that gives more columns by file name.") Optional<IndexSpec> index,
      @Doc("Columns that are the same for all rows of the file.") @Default("{}")
          Map<String, String> values,
      @Doc("SHA-256 of the file, hexadecimal, checked when the file is read.")
          @Matches(value = "[0-9a-f]{64}", expected = "64 hexadecimal digits, lower case")
          Optional<String> sha256) {
    public FileSpec {
      values = Copies.ordered(values);
    }
  }

  @Doc("A table of images.")
  record IndexSpec(
      @Doc("Entry of the same zip (file of the same folder).") String entry,
      @Doc("One character, or whitespace.")
          @Default("','")
          @Matches(value = "[^\\r\\n\"]|whitespace", expected = "one character, or whitespace")
          String separator,
      @Doc("Its column with the file names.") String file,
      @Doc("Its columns to take: name in the index to name of the column.")
          Map<String, String> columns) {
    public IndexSpec {
      columns = Copies.ordered(columns);
    }
  }
}
