package dev.zone.conf;

import dev.zone.conf.yaml.Default;
import dev.zone.conf.yaml.Doc;
import dev.zone.conf.yaml.Range;
import dev.zone.conf.yaml.Size;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** A dataset's descriptor. */
@Doc("A dataset: where its rows come from, what they are, who may use them.")
public record DatasetSpec(
    @Doc("domain/name.") DatasetName name,
    @Doc("One line.") String title,
    @Doc("What it is, for people.") Optional<String> description,
    @Doc("Where the rows come from.") SourceSpec source,
    @Doc(
            "Columns by name; '*' stands for any characters, for files with a header. x{1..3} is the three columns x1, x2 and x3.")
        @Size(min = 1) Map<String, ColumnSpec> columns,
    @Doc("How rows go to train, validation and test.") @Default("{}") SplitSpec split,
    @Doc("What a feed may bring.") @Default("{}") FeedSpec feed,
    @Doc("Licence, or 'none stated'.") String licence,
    @Doc("How to cite it.") String citation,
    @Doc("Official address.") Optional<String> address) {
  public DatasetSpec {
    columns = Copies.ordered(NumberedColumns.expand(columns));
  }

  @Doc("What a feed may bring.")
  public record FeedSpec(
      @Doc(
              "The largest share of a feed's rows that may be set aside because they are not as the descriptor says. Of a feed with more nothing is taken.")
          @Default("0.05")
          @Range(min = 0, max = 1)
          double rejectedShare,
      @Doc(
              "Columns whose values together name a row: a second row of the same ones, of whatever feed, is set aside.")
          @Default("[]")
          List<String> key,
      @Doc(
              "A column that goes forward from row to row of a file; a row that goes back is set aside.")
          Optional<AscendingSpec> ascending) {
    public FeedSpec {
      key = List.copyOf(key);
    }
  }

  @Doc("A column that goes forward from row to row of a file.")
  public record AscendingSpec(
      @Doc("A column of numbers or timestamps.") String column,
      @Doc("Column whose values each go forward by themselves; without it all rows do together.")
          Optional<String> group) {}

  /** The same dataset with rows and columns from elsewhere. */
  public DatasetSpec from(SourceSpec elsewhere, Map<String, ColumnSpec> written) {
    return new DatasetSpec(
        name, title, description, elsewhere, written, split, feed, licence, citation, address);
  }

  /** The same under the name of a version. */
  public DatasetSpec version(int number) {
    return new DatasetSpec(
        new DatasetName(name.domain(), name.name(), OptionalInt.of(number)),
        title,
        description,
        source,
        columns,
        split,
        feed,
        licence,
        citation,
        address);
  }

  /** The column of that name, written out or by pattern. */
  public Optional<ColumnSpec> column(String name) {
    return Optional.ofNullable(columns.get(name))
        .or(
            () ->
                columns.entrySet().stream()
                    .filter(each -> ColumnPatterns.isPattern(each.getKey()))
                    .filter(each -> ColumnPatterns.matches(each.getKey(), name))
                    .map(Map.Entry::getValue)
                    .findFirst());
  }

  /** Names of the columns that are timestamps. */
  public Set<String> timestamps() {
    Set<String> timestamps = new LinkedHashSet<>();
    columns.forEach(
        (column, spec) -> {
          if (spec.type() == ColumnSpec.Type.TIMESTAMP) {
            timestamps.add(column);
          }
        });
    return timestamps;
  }

  public boolean isGenerated() {
    return source instanceof SourceSpec.Generated;
  }
}
