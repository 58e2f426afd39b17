package dev.zone.conf.yaml;

import dev.zone.conf.error.Problems;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Builds the tree of one YAML 1.2 document (so JSON too) from the parser's events. Text from
 * outside cannot make it build more than {@link #MAX_NODES} nodes or {@link #MAX_DEPTH} levels,
 * aliases counted as often as they are used; tags are refused.
 */
final class YamlTree {
  static final int MAX_CHARACTERS = 1 << 20;
  static final int MAX_DEPTH = 50;
  static final int MAX_NODES = 100_000;

  private final String name;
  private final boolean lines;
  private final Problems problems;
  private final Iterator<Event> events;
  private final Map<String, YamlNode> anchors = new HashMap<>();
  private int nodes;

  private YamlTree(String text, String name, boolean lines, Problems problems) {
    this.name = name;
    this.lines = lines;
    this.problems = problems;
    // One buffer for all: the parser fails on a surrogate pair that falls between two.
    LoadSettings settings = LoadSettings.builder().setBufferSize(text.length() + 2).build();
    this.events = new Parse(settings).parseString(text).iterator();
  }

  /**
   * Reads a text. Syntax errors, refused constructs and duplicate keys become problems.
   *
   * @param name of the file or flag, for places
   * @param lines whether places say line and column
   * @return the tree, also when keys are duplicate (the first ones then); empty if there is none
   */
  static Optional<YamlNode> parse(String text, String name, boolean lines, Problems problems) {
    if (text.length() > MAX_CHARACTERS) {
      problems.add(
          name, "Cannot read YAML: " + text.length() + " characters (expected at most 1 MiB)");
      return Optional.empty();
    }
    try {
      return Optional.of(new YamlTree(text, name, lines, problems).document());
    } catch (Refused e) {
      problems.add(e.where, e.getMessage());
    } catch (MarkedYamlEngineException e) {
      String where = place(name, lines, e.getProblemMark().or(e::getContextMark));
      problems.add(
          where,
          "Cannot read YAML: " + YamlNode.printable(e.getProblem()) + " (expected YAML 1.2)");
    } catch (YamlEngineException e) {
      problems.add(name, "Cannot read YAML: " + firstLine(e.getMessage()) + " (expected YAML 1.2)");
    }
    return Optional.empty();
  }

  private static String firstLine(String text) {
    return YamlNode.printable(text.lines().findFirst().orElse("not readable"));
  }

  private YamlNode document() {
    events.next(); // the stream's start
    Event start = events.next();
    if (start.getEventId() == Event.ID.StreamEnd) {
      return new YamlNode.Scalar("", true, where(start));
    }
    YamlNode root = node(events.next(), 1);
    events.next(); // the document's end
    Event end = events.next();
    if (end.getEventId() != Event.ID.StreamEnd) {
      throw new Refused(where(end), "Cannot read YAML: a second document (expected one)");
    }
    return root;
  }

  private YamlNode node(Event event, int depth) {
    String where = where(event);
    if (depth > MAX_DEPTH) {
      throw new Refused(
          where, "Cannot read YAML: nested deeper than " + MAX_DEPTH + " levels (expected fewer)");
    }
    if (event instanceof AliasEvent alias) {
      return aliased(alias, where, depth);
    }
    count(1, where);
    YamlNode node;
    if (event instanceof ScalarEvent scalar) {
      refuseTag(scalar.getTag(), where);
      node = new YamlNode.Scalar(scalar.getValue(), scalar.isPlain(), where);
    } else {
      CollectionStartEvent collection = (CollectionStartEvent) event;
      refuseTag(collection.getTag(), where);
      node = event instanceof SequenceStartEvent ? sequence(where, depth) : mapping(where, depth);
    }
    ((NodeEvent) event).getAnchor().ifPresent(anchor -> anchors.put(anchor.getValue(), node));
    return node;
  }

  private YamlNode aliased(AliasEvent alias, String where, int depth) {
    String anchor = alias.getAlias().getValue();
    YamlNode target = anchors.get(anchor);
    if (target == null) {
      throw new Refused(
          where,
          "Cannot use alias *"
              + YamlNode.printable(anchor)
              + " (expected an anchor that is complete before it)");
    }
    count(size(target), where);
    if (depth + depth(target) - 1 > MAX_DEPTH) {
      throw new Refused(
          where, "Cannot read YAML: nested deeper than " + MAX_DEPTH + " levels (expected fewer)");
    }
    return target;
  }

  private YamlNode sequence(String where, int depth) {
    List<YamlNode> items = new ArrayList<>();
    for (Event event = events.next();
        event.getEventId() != Event.ID.SequenceEnd;
        event = events.next()) {
      items.add(node(event, depth + 1));
    }
    return new YamlNode.Sequence(items, where);
  }

  private YamlNode mapping(String where, int depth) {
    Map<String, YamlNode.Entry> entries = new LinkedHashMap<>();
    for (Event event = events.next();
        event.getEventId() != Event.ID.MappingEnd;
        event = events.next()) {
      YamlNode key = node(event, depth + 1);
      YamlNode value = node(events.next(), depth + 1);
      if (!(key instanceof YamlNode.Scalar scalar)) {
        problems.add(key.where(), "Cannot use " + key.shown() + " as a key (expected a text)");
        continue;
      }
      YamlNode.Entry entry = new YamlNode.Entry(scalar.text(), where(event), value);
      YamlNode.Entry first = entries.putIfAbsent(scalar.text(), entry);
      if (first != null) {
        problems.add(
            entry.where(),
            "Cannot use key '"
                + YamlNode.printable(scalar.text())
                + "' twice (expected once; the first is at "
                + first.where()
                + ")");
      }
    }
    return new YamlNode.Mapping(List.copyOf(entries.values()), where);
  }

  private static void refuseTag(Optional<String> tag, String where) {
    if (tag.isPresent()) {
      throw new Refused(
          where, "Cannot use tag " + YamlNode.printable(tag.get()) + " (expected no tags)");
    }
  }

  private void count(int more, String where) {
    nodes += more;
    if (nodes > MAX_NODES) {
      throw new Refused(
          where, "Cannot read YAML: more than " + MAX_NODES + " values (expected fewer)");
    }
  }

  private static int size(YamlNode node) {
    int size = 1;
    if (node instanceof YamlNode.Sequence sequence) {
      for (YamlNode item : sequence.items()) {
        size += size(item);
      }
    } else if (node instanceof YamlNode.Mapping mapping) {
      for (YamlNode.Entry entry : mapping.entries()) {
        size += 1 + size(entry.value());
      }
    }
    return size;
  }

  private static int depth(YamlNode node) {
    int below = 0;
    if (node instanceof YamlNode.Sequence sequence) {
      for (YamlNode item : sequence.items()) {
        below = Math.max(below, depth(item));
      }
    } else if (node instanceof YamlNode.Mapping mapping) {
      for (YamlNode.Entry entry : mapping.entries()) {
        below = Math.max(below, depth(entry.value()));
      }
    }
    return 1 + below;
  }

  private String where(Event event) {
    return place(name, lines, event.getStartMark());
  }

  private static String place(String name, boolean lines, Optional<Mark> mark) {
    return lines && mark.isPresent()
        ? name + ":" + (mark.get().getLine() + 1) + ":" + (mark.get().getColumn() + 1)
        : name;
  }

  /** Ends the reading; what follows cannot be trusted to be what was meant. */
  private static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final String where;

    Refused(String where, String message) {
      super(message, null, false, false);
      this.where = where;
    }
  }
}
