package io.kailash.taxonomy;

import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Formats that give each category its whole path: Google's {@code id - path} and Shopify's {@code
 * gid : path}. A category's parent is the one whose path is one name shorter, wherever in the file
 * it is.
 */
final class PathFile {
  private static final String STEP = " > ";

  /** A place in the tree of names; it has a code once its own line was seen. */
  private static final class Place {
    final Place parent;
    final String name;
    Map<String, Place> below = Map.of();
    String code;
    int line;
    int position;

    Place(Place parent, String name) {
      this.parent = parent;
      this.name = name;
    }

    Place below(String childName) {
      Place child = below.get(childName);
      if (child == null) {
        child = new Place(this, childName);
        if (below.isEmpty()) {
          below = new HashMap<>(4);
        }
        below.put(childName, child);
      }
      return child;
    }

    String path() {
      return parent.parent == null ? name : parent.path() + STEP + name;
    }
  }

  private PathFile() {}

  static void readGoogle(Reader text, ImportLimits limits, Rows rows, Refusals refusals)
      throws IOException {
    read(text, limits, rows, refusals, " - ", false);
  }

  /** A category's code is the last part of its gid: the rest is the same for all. */
  static void readShopify(Reader text, ImportLimits limits, Rows rows, Refusals refusals)
      throws IOException {
    read(text, limits, rows, refusals, " : ", true);
  }

  private static void read(
      Reader text, ImportLimits limits, Rows rows, Refusals refusals, String separator, boolean gid)
      throws IOException {
    Lines lines = new Lines(text, limits.maxLineLength(), refusals);
    Place root = new Place(null, "");
    List<Place> inOrder = new ArrayList<>();
    for (String line = lines.nextContent(); line != null; line = lines.nextContent()) {
      int at = line.indexOf(separator);
      String code = at < 0 ? "" : line.substring(0, at).strip();
      if (gid) {
        code = code.startsWith("gid://") ? code.substring(code.lastIndexOf('/') + 1) : "";
      }
      if (code.isEmpty() || code.indexOf(' ') >= 0) {
        refusals.add(
            lines.number(),
            gid ? "is not of the form 'gid : path'" : "is not of the form 'id - path'");
        continue;
      }
      Place place = place(root, line, at + separator.length());
      if (place == null) {
        refusals.add(lines.number(), "has an empty name in its path");
        continue;
      }
      int position = rows.add(lines.number(), code, place.name, null);
      if (place.code != null) {
        refusals.add(lines.number(), "repeats the path of line " + place.line);
        continue;
      }
      place.code = code;
      place.line = lines.number();
      place.position = position;
      inOrder.add(place);
    }
    for (Place place : inOrder) {
      if (place.parent != root) {
        if (place.parent.code == null) {
          refusals.add(
              place.line,
              "has the parent '" + Rows.shown(place.parent.path()) + "', which no line states");
        } else {
          rows.setParent(place.position, place.parent.code);
        }
      }
    }
  }

  /** The place a path leads to; null where a name is missing. */
  private static Place place(Place root, String line, int begin) {
    Place place = root;
    int from = begin;
    while (true) {
      int step = line.indexOf(STEP, from);
      String name = line.substring(from, step < 0 ? line.length() : step).strip();
      if (name.isEmpty() || name.startsWith(">") || name.endsWith(">")) {
        return null;
      }
      place = place.below(name);
      if (step < 0) {
        return place;
      }
      from = step + STEP.length();
    }
  }
}
