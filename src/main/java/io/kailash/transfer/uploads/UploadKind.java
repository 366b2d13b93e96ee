package io.kailash.transfer.uploads;

import io.kailash.platform.ProblemException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What a file holds, and the fields that a row of it may have. */
enum UploadKind {
  /** One item a row. */
  ITEMS(
      List.of(
          Field.text("sku"),
          Field.text("title"),
          Field.text("brand"),
          Field.text("description"),
          Field.text("supplier_category"),
          Field.text("url"),
          new Field("attributes", Form.OBJECT),
          new Field("in_stock", Form.FLAG),
          new Field("hidden", Form.FLAG)),
      List.of("sku", "title"),
      // An export has them; they are not for callers to set.
      List.of("version", "created_at", "updated_at")),
  /** One label a row. */
  LABELS(
      List.of(Field.text("sku"), Field.text("category"), Field.text("taxonomy")),
      List.of("sku", "category"),
      List.of("source", "set_by", "set_at")),
  /** One interaction a row. */
  INTERACTIONS(
      List.of(
          Field.text("id"),
          Field.text("user"),
          Field.text("sku"),
          Field.text("kind"),
          new Field("value", Form.NUMBER),
          Field.text("at"),
          Field.text("event")),
      List.of("user", "sku", "kind"),
      List.of("received_at")),
  /** A whole taxonomy, in any format that its importer reads. */
  TAXONOMY(List.of(), List.of(), List.of()),
  /** Items that are only to be classified, one a row; a file of items fits as well. */
  BATCH(
      List.of(
          Field.text("ref"),
          Field.text("taxonomy"),
          Field.text("sku"),
          Field.text("title"),
          Field.text("brand"),
          Field.text("description"),
          Field.text("supplier_category"),
          Field.text("url")),
      List.of("title"),
      List.of("attributes", "in_stock", "hidden", "version", "created_at", "updated_at"));

  /** How a field is written in JSON. */
  enum Form {
    TEXT,
    FLAG,
    NUMBER,
    OBJECT
  }

  /** A field of a row. */
  record Field(String name, Form form) {
    private static Field text(String name) {
      return new Field(name, Form.TEXT);
    }
  }

  private final List<Field> fields;
  private final List<String> required;
  private final List<String> passedOver;

  UploadKind(List<Field> fields, List<String> required, List<String> passedOver) {
    this.fields = fields;
    this.required = required;
    this.passedOver = passedOver;
  }

  List<Field> fields() {
    return fields;
  }

  /** Columns that a file must have. */
  List<String> required() {
    return required;
  }

  /** Columns that a file may have, but which mean nothing. */
  List<String> passedOver() {
    return passedOver;
  }

  /** Place of a field in a row; -1 where there is none. */
  int place(String field) {
    for (int i = 0; i < fields.size(); i++) {
      if (fields.get(i).name().equals(field)) {
        return i;
      }
    }
    return -1;
  }

  /** Lower case, as in addresses and in the database. */
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  static UploadKind of(String text) {
    return Arrays.stream(values())
        .filter(kind -> kind.text().equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                ProblemException.invalid(
                    "?kind",
                    (text == null ? "is missing" : "is not known")
                        + "; it is one of "
                        + Arrays.stream(values()).map(UploadKind::text).toList()));
  }
}
