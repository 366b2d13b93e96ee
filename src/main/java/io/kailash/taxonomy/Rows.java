package io.kailash.taxonomy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The categories of one file as they are read, and the rules that hold for every format. */
final class Rows {
  private static final int UNKNOWN = 0;
  private static final int UNDER_WAY = -1;
  private static final int IN_LOOP = -2;

  private final ImportLimits limits;
  private final Refusals refusals;
  private final List<CategoryRow> rows = new ArrayList<>();
  private final Map<String, Integer> positions = new HashMap<>();
  private int[] lines = new int[1024];

  Rows(ImportLimits limits, Refusals refusals) {
    this.limits = limits;
    this.refusals = refusals;
  }

  /**
   * Takes the category that {@code line} states.
   *
   * @return its position, for {@link #setParent}
   */
  int add(int line, String code, String name, String parentCode) {
    int position = rows.size();
    if (position == limits.maxCategories()) {
      throw refusals.fatal(
          line,
          "is one category more than "
              + limits.maxCategories()
              + " (setting kailash.taxonomy.max-categories)");
    }
    check(line, "code", code, limits.maxCodeLength(), "kailash.taxonomy.max-code-length");
    check(line, "name", name, limits.maxNameLength(), "kailash.taxonomy.max-name-length");
    Integer first = code.isBlank() ? null : positions.putIfAbsent(code, position);
    if (first != null) {
      refusals.add(line, "repeats the code '" + shown(code) + "' of line " + lines[first]);
    }
    if (position == lines.length) {
      lines = Arrays.copyOf(lines, position * 2);
    }
    lines[position] = line;
    rows.add(new CategoryRow(code, name, parentCode));
    return position;
  }

  /** For formats that name a parent by more than its code. */
  void setParent(int position, String parentCode) {
    CategoryRow row = rows.get(position);
    rows.set(position, new CategoryRow(row.code(), row.name(), parentCode));
  }

  /** The tree, if nothing in the file was refused. */
  Categories build() {
    if (rows.isEmpty()) {
      refusals.add(1, "the file has no category");
    }
    int[] parents = parents();
    checkLevels(parents);
    refusals.check();
    return Categories.of(rows);
  }

  private int[] parents() {
    int[] parents = new int[rows.size()];
    for (int i = 0; i < parents.length; i++) {
      String parentCode = rows.get(i).parentCode();
      Integer parent = parentCode == null ? null : positions.get(parentCode);
      if (parentCode != null && parent == null) {
        refusals.add(lines[i], "has the parent '" + shown(parentCode) + "', which no line states");
      }
      parents[i] = parent == null ? -1 : parent;
    }
    return parents;
  }

  /** Finds loops and categories too deep, each row once, without recursion. */
  private void checkLevels(int[] parents) {
    int[] levels = new int[parents.length];
    int[] way = new int[parents.length];
    for (int start = 0; start < parents.length; start++) {
      int steps = 0;
      int current = start;
      while (current >= 0 && levels[current] == UNKNOWN) {
        levels[current] = UNDER_WAY;
        way[steps++] = current;
        current = parents[current];
      }
      if (current >= 0 && levels[current] == UNDER_WAY) {
        int entry = current;
        do {
          levels[current] = IN_LOOP;
          refuseLoop(current, parents);
          current = parents[current];
        } while (current != entry);
      }
      while (steps > 0) {
        int position = way[--steps];
        if (levels[position] == IN_LOOP) {
          continue;
        }
        int parent = parents[position];
        int level = parent < 0 ? 1 : levels[parent] == IN_LOOP ? IN_LOOP : levels[parent] + 1;
        levels[position] = level;
        if (level > limits.maxLevels()) {
          refusals.add(
              lines[position],
              "is on level "
                  + level
                  + "; "
                  + limits.maxLevels()
                  + " are allowed (setting kailash.taxonomy.max-levels)");
        }
      }
    }
  }

  private void refuseLoop(int position, int[] parents) {
    String code = shown(rows.get(position).code());
    String parent = shown(rows.get(parents[position]).code());
    refusals.add(
        lines[position],
        parents[position] == position
            ? "has itself, '" + code + "', as parent"
            : "is part of a loop: '" + code + "' is below '" + parent + "', which is below it");
  }

  private void check(int line, String what, String value, int max, String setting) {
    if (value.isBlank()) {
      refusals.add(line, "has no " + what);
      return;
    }
    if (value.length() > max) {
      refusals.add(
          line,
          "has a "
              + what
              + " of "
              + value.length()
              + " characters; "
              + max
              + " are allowed (setting "
              + setting
              + ")");
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (Character.isISOControl(c)) {
        refusals.add(line, "has a control character in the " + what);
        return;
      }
      if (Character.isHighSurrogate(c)
          && i + 1 < value.length()
          && Character.isLowSurrogate(value.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        refusals.add(line, "has an unpaired surrogate in the " + what);
        return;
      }
    }
  }

  /** A value of the file, short enough for a message. */
  static String shown(String value) {
    return value.length() <= 60 ? value : value.substring(0, 60) + "…";
  }
}
