package io.kailash.transfer.uploads;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Which column of a file is which field. */
final class Columns {
  private final UploadKind kind;
  private final Map<String, String> mapping;

  Columns(UploadKind kind, Map<String, String> mapping) {
    this.kind = kind;
    this.mapping = mapping;
  }

  /**
   * What a column is.
   *
   * @param field place in the kind's fields; -1 where it is an attribute or left out
   * @param attribute name; null where it is none
   * @param known false where nobody said what it is
   */
  record Column(int field, String attribute, boolean known) {
    private static final Column LEFT_OUT = new Column(-1, null, true);
    private static final Column UNKNOWN = new Column(-1, null, false);
  }

  /** What a column of this name is; capital letters, spaces and hyphens do not matter. */
  Column of(String name) {
    String field = mapping.get(name);
    if (field == null) {
      String plain = name.strip().toLowerCase(Locale.ROOT).replace(' ', '_').replace('-', '_');
      if (kind.passedOver().contains(plain)) {
        return Column.LEFT_OUT;
      }
      field = kind.place(plain) >= 0 ? plain : name.strip();
    }
    if (field.equals(UploadOptions.LEFT_OUT)) {
      return Column.LEFT_OUT;
    }
    int place = kind.place(field);
    if (place >= 0) {
      return new Column(place, null, true);
    }
    if (kind == UploadKind.ITEMS
        && field.startsWith(UploadOptions.ATTRIBUTE)
        && field.length() > UploadOptions.ATTRIBUTE.length()) {
      return new Column(-1, field.substring(UploadOptions.ATTRIBUTE.length()), true);
    }
    return Column.UNKNOWN;
  }

  /** How many of these columns are known. */
  int known(List<String> header) {
    return (int) header.stream().filter(name -> of(name).known()).count();
  }

  /**
   * The columns of a header.
   *
   * @throws UnreadableFileException naming everything that is wrong with it
   */
  List<Column> of(List<String> header) {
    List<Column> columns = new ArrayList<>(header.size());
    List<String> wrong = new ArrayList<>();
    Set<String> unknown = new HashSet<>();
    Map<Integer, String> places = new HashMap<>();
    Map<String, String> attributes = new HashMap<>();
    for (String name : header) {
      Column column = of(name);
      columns.add(column);
      if (!column.known()) {
        if (unknown.add(name) && unknown.size() <= 10) {
          wrong.add("column '" + Shown.of(name) + "' is not known");
        }
        continue;
      }
      String before =
          column.field() >= 0
              ? places.putIfAbsent(column.field(), name)
              : column.attribute() != null
                  ? attributes.putIfAbsent(column.attribute(), name)
                  : null;
      if (before != null) {
        wrong.add(
            "columns '" + Shown.of(before) + "' and '" + Shown.of(name) + "' are the same field");
      }
    }
    for (String field : kind.required()) {
      if (!places.containsKey(kind.place(field))) {
        wrong.add("there is no column '" + field + "'");
      }
    }
    for (String name : mapping.keySet()) {
      if (!header.contains(name)) {
        wrong.add("map names a column '" + Shown.of(name) + "', which is not there");
      }
    }
    if (!wrong.isEmpty()) {
      throw new UnreadableFileException(
          "line 1: "
              + String.join("; ", wrong)
              + ". Known are "
              + kind.fields().stream().map(UploadKind.Field::name).toList()
              + "; map a column by map=column:field, or leave it out by map=column:-");
    }
    return columns;
  }
}
