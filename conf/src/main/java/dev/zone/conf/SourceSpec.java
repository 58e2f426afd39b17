package dev.zone.conf;

import dev.zone.conf.yaml.ByKey;
import dev.zone.conf.yaml.Choice;
import dev.zone.conf.yaml.Default;
import dev.zone.conf.yaml.Doc;
import dev.zone.conf.yaml.Matches;
import dev.zone.conf.yaml.Named;
import dev.zone.conf.yaml.Range;
import dev.zone.conf.yaml.Size;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where a dataset's rows come from. */
@Choice(tag = "format")
@Doc("Where the rows come from.")
public sealed interface SourceSpec
    permits SourceSpec.Delimited,
        SourceSpec.JsonLines,
        SourceSpec.Numpy,
        SourceSpec.Parquet,
        SourceSpec.Images,
        SourceSpec.Generated,
        SourceSpec.Matlab {
  List<FileSpec> files();

  /** The same format, other files. */
  SourceSpec withFiles(List<FileSpec> others);

  @Named("delimited")
  @Doc("Delimited text, plain, packed (.gz, .xz, .zst) or in zips and tars.")
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
          List<String> missing,
      @Doc("Lines at the start of each file, before the header, that are not of its table.")
          @Default("0")
          @Range(min = 0, max = 1_000_000)
          int skip,
      @Doc("What stands before the decimals of a number: a point or a comma.")
          @Default("'.'")
          @Matches(value = "[.,]", expected = "'.' or ','")
          String decimal)
      implements SourceSpec {
    public Delimited {
      files = List.copyOf(files);
      missing = List.copyOf(missing);
    }

    /** Files that begin with their table. */
    public Delimited(
        List<FileSpec> files,
        String separator,
        boolean header,
        String encoding,
        List<String> missing) {
      this(files, separator, header, encoding, missing, 0, ".");
    }

    @Override
    public SourceSpec withFiles(List<FileSpec> others) {
      return new Delimited(others, separator, header, encoding, missing, skip, decimal);
    }
  }

  @Named("jsonLines")
  @Doc(
      "JSON lines, plain, packed (.gz, .xz, .zst) or in zips and tars: an object a line, a column a key; an array of a tensor column is a list of numbers, nested as its shape is.")
  record JsonLines(@Doc("The files.") @Size(min = 1) List<FileSpec> files) implements SourceSpec {
    public JsonLines {
      files = List.copyOf(files);
    }

    @Override
    public SourceSpec withFiles(List<FileSpec> others) {
      return new JsonLines(others);
    }
  }

  @Named("numpy")
  @Doc(
      "NumPy arrays: npz (a column an entry) or npy (one column, named by the file's `column` value; those with the same split and other values, one after another, stand side by side), plain or packed (.gz, .xz, .zst). First axis: rows.")
  record Numpy(
      @Doc("The files.") @Size(min = 1) List<FileSpec> files,
      @Doc(
              "Arrays that are not called like their column, or are several: entry to the names of its columns. An array of shape [rows, n] is n columns of numbers or classes.")
          @Default("{}")
          Map<String, List<String>> columns)
      implements SourceSpec {
    public Numpy {
      files = List.copyOf(files);
      Map<String, List<String>> copied = new LinkedHashMap<>();
      columns.forEach((entry, names) -> copied.put(entry, List.copyOf(names)));
      columns = Copies.ordered(copied);
    }

    /** Arrays that are called like their columns. */
    public Numpy(List<FileSpec> files) {
      this(files, Map.of());
    }

    @Override
    public SourceSpec withFiles(List<FileSpec> others) {
      return new Numpy(others, columns);
    }
  }

  @Named("parquet")
  @Doc(
      "Parquet tables, plain or packed (.gz, .xz, .zst), of plain columns: numbers, texts, dates and timestamps, true and false; an array of a tensor column is binary, unsigned bytes or little-endian floats.")
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
      "Images (PNG, JPEG, BMP, TIFF, PPM, PGM) of at most 8 bits a channel in folders, zips or tars, plain or packed (.gz, .xz, .zst, .tgz, .txz, .tzst); the tensor column holds the pixels, other columns come from names or an index. Of a TIFF of several pages the first counts. Transparency is kept by a last channel of the column's shape, 4 of colours and 2 of grey; without one all pixels have to be opaque.")
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

  @Named("matlab")
  @Doc(
      "MATLAB files (version 5 to 7, not 7.3), plain, packed (.gz, .xz, .zst) or in zips and tars: a column a variable of numbers. First axis: rows; of a vector each number is a row's, the rest of a matrix is a tensor.")
  record Matlab(
      @Doc("The files.") @Size(min = 1) List<FileSpec> files,
      @Doc(
              "Variables of columns that have other names: name of the column to name of the variable, with '*' for any characters, where each file has exactly one such. Other columns are the variables of their names.")
          @Default("{}")
          Map<String, String> variables)
      implements SourceSpec {
    public Matlab {
      files = List.copyOf(files);
      variables = Copies.ordered(variables);
    }

    @Override
    public SourceSpec withFiles(List<FileSpec> others) {
      return new Matlab(others, variables);
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
      @Doc("Entries of a zip or tar, or files below the folder, that are data, with '*' and '**'.")
          Optional<String> entries,
      @Doc(
              "A regular expression over the entry's path, or the path of a file that is no zip or folder; its named groups become columns.")
          Optional<String> name,
      @Doc("A table that gives more columns by file name.") Optional<IndexSpec> index,
      @Doc("Columns that are the same for all rows of the file.") @Default("{}")
          Map<String, String> values,
      @Doc("SHA-256 of the file, hexadecimal, checked when the file is read.")
          @Matches(value = "[0-9a-f]{64}", expected = "64 hexadecimal digits, lower case")
          Optional<String> sha256,
      @Doc("Of the files that the path stands for, or the entries, those that are not taken.")
          @Default("[]")
          List<String> except,
      @Doc("The first and the last row of each file that is taken, from 1; delimited text only.")
          @Size(min = 2, max = 2) @Range(min = 1)
          Optional<List<Integer>> rows,
      @Doc("Whether each line is a column and each field of it a row; delimited text only.")
          @Default("false")
          boolean transposed,
      @Doc(
              "Files whose fields stand beside this one's, row by row, after its own; delimited text only.")
          @Default("[]")
          List<BesideSpec> beside,
      @Doc("Where the file is downloaded from, http or https.") Optional<String> url) {
    public FileSpec {
      values = Copies.ordered(values);
      except = List.copyOf(except);
      rows = rows.map(List::copyOf);
      beside = List.copyOf(beside);
    }

    /** A file all of whose rows are taken as they lie. */
    public FileSpec(
        String path,
        Optional<SplitSpec.Split> split,
        Optional<String> entries,
        Optional<String> name,
        Optional<IndexSpec> index,
        Map<String, String> values,
        Optional<String> sha256) {
      this(
          path,
          split,
          entries,
          name,
          index,
          values,
          sha256,
          List.of(),
          Optional.empty(),
          false,
          List.of(),
          Optional.empty());
    }

    /** Another file of the same kind, of any content. */
    public FileSpec at(String other) {
      return new FileSpec(
          other,
          split,
          entries,
          name,
          index,
          values,
          Optional.empty(),
          except,
          rows,
          transposed,
          beside,
          Optional.empty());
    }
  }

  @Doc("A file whose fields stand beside another's.")
  record BesideSpec(
      @Doc("Path below the data folder.") String path,
      @Doc("SHA-256 of the file, hexadecimal, checked when the file is read.")
          @Matches(value = "[0-9a-f]{64}", expected = "64 hexadecimal digits, lower case")
          Optional<String> sha256,
      @Doc("Where the file is downloaded from, http or https.") Optional<String> url) {}

  @Doc("A table of images.")
  record IndexSpec(
      @Doc("Entry of the same zip or tar (file of the same folder).") String entry,
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
