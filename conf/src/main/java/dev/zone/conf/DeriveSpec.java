package dev.zone.conf;

import dev.zone.conf.yaml.Choice;
import dev.zone.conf.yaml.Doc;
import dev.zone.conf.yaml.Size;
import java.util.List;

/** A number computed from others of the same row; missing if one of them is. */
@Choice
@Doc("A column computed from others in the same row.")
public sealed interface DeriveSpec
    permits DeriveSpec.Product, DeriveSpec.Difference, DeriveSpec.Ratio {
  List<String> columns();

  @Doc("a * b * …: {product: {columns: [a, b]}}")
  record Product(@Doc("Two or more columns.") @Size(min = 2) List<String> columns)
      implements DeriveSpec {
    public Product {
      columns = List.copyOf(columns);
    }
  }

  @Doc("a - b: {difference: {columns: [a, b]}}")
  record Difference(@Doc("Two columns.") @Size(min = 2, max = 2) List<String> columns)
      implements DeriveSpec {
    public Difference {
      columns = List.copyOf(columns);
    }
  }

  @Doc("a / b, missing where b is 0: {ratio: {columns: [a, b]}}")
  record Ratio(@Doc("Two columns.") @Size(min = 2, max = 2) List<String> columns)
      implements DeriveSpec {
    public Ratio {
      columns = List.copyOf(columns);
    }
  }
}
