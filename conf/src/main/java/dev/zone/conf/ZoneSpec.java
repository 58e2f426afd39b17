package dev.zone.conf;

import dev.zone.conf.yaml.Doc;
import dev.zone.conf.yaml.Matches;
import dev.zone.conf.yaml.Size;
import java.util.Map;
import java.util.Optional;

/** The clusters that jobs may be sent to, as an administrator describes them in a zone file. */
@Doc("The clusters that jobs may be sent to, and what each job may ask of them.")
public record ZoneSpec(
    @Doc("The zone's name.") @Matches(value = ZoneSpec.NAME, expected = ZoneSpec.NAME_WORDS)
        String name,
    @Doc(
            "The centre that jobs go to if they name none. Without it: the first, in the file's order, that can hold the job.")
        Optional<String> defaultCentre,
    @Doc("The centres by name, in the order in which they are tried.") @Size(min = 1, max = 100) Map<String, CentreSpec> centres) {
  /** A name of a zone, a centre or a kind of machines, as a regular expression. */
  static final String NAME = "[a-z0-9][a-z0-9-]{0,62}";

  /** The same in words. */
  static final String NAME_WORDS = "lower case letters, digits and '-', at most 63";

  public ZoneSpec {
    centres = Copies.ordered(centres);
  }
}
