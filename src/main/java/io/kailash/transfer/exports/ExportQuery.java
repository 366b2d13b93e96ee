package io.kailash.transfer.exports;

import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;

/**
 * The COPY that writes an export. COPY takes no parameters, so values are quoted by the driver.
 *
 * @param select that gives the rows, without its columns
 */
record ExportQuery(List<Column> columns, String select) {
  /** A column of an export. */
  record Column(String name, String sql, boolean text) {
    private static Column text(String name, String sql) {
      return new Column(name, sql, true);
    }

    private static Column plain(String name, String sql) {
      return new Column(name, sql, false);
    }

    private static Column time(String name, String sql) {
      return plain(
          name, "to_char(" + sql + " at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')");
    }
  }

  /**
   * For a request.
   *
   * @param taxonomyId of the request's taxonomy; null where it has none
   */
  static ExportQuery of(ExportRequest request, Long taxonomyId, PGConnection quoting)
      throws SQLException {
    String category = request.category() == null ? null : literal(quoting, request.category());
    String from = request.from() == null ? null : literal(quoting, request.from().toString());
    return switch (request.what()) {
      case "items" ->
          new ExportQuery(
              List.of(
                  Column.text("sku", "i.sku"),
                  Column.text("title", "i.title"),
                  Column.text("brand", "i.brand"),
                  Column.text("description", "i.description"),
                  Column.text("supplier_category", "i.supplier_category"),
                  Column.text("url", "i.url"),
                  Column.plain("attributes", "nullif(i.attributes, '{}')"),
                  Column.plain("in_stock", "i.in_stock"),
                  Column.plain("hidden", "i.hidden"),
                  Column.plain("version", "i.version"),
                  Column.time("created_at", "i.created_at"),
                  Column.time("updated_at", "i.updated_at")),
              "from item i where i.deleted_at is null"
                  + (taxonomyId == null
                      ? ""
                      : " and exists (select 1 from label l where l.item_id = i.id"
                          + " and l.taxonomy_id = "
                          + taxonomyId
                          + (category == null ? "" : " and l.category_code = " + category)
                          + ")")
                  + (from == null ? "" : " and i.updated_at >= " + from)
                  + " order by i.id");
      case "labels" ->
          new ExportQuery(
              List.of(
                  Column.text("sku", "i.sku"),
                  Column.text("category", "l.category_code"),
                  Column.text("taxonomy", "t.code"),
                  Column.plain("source", "l.source"),
                  Column.text("set_by", "l.set_by"),
                  Column.time("set_at", "l.set_at")),
              "from label l join item i on i.id = l.item_id join taxonomy t on t.id = l.taxonomy_id"
                  + " where i.deleted_at is null"
                  + where("l.taxonomy_id = ", taxonomyId)
                  + where("l.category_code = ", category)
                  + where("l.set_at >= ", from)
                  + " order by l.taxonomy_id, l.item_id");
      case "interactions" ->
          new ExportQuery(
              List.of(
                  Column.plain("event", "x.event"),
                  Column.text("user", "x.user_id"),
                  Column.text("sku", "x.sku"),
                  Column.plain("kind", "x.kind"),
                  Column.plain("value", "x.value"),
                  Column.time("at", "x.at"),
                  Column.time("received_at", "x.received_at")),
              "from interaction x where true"
                  + where(
                      "x.user_id = ",
                      request.user() == null ? null : literal(quoting, request.user()))
                  + where("x.at >= ", from)
                  + " order by x.id");
      case "decisions" ->
          new ExportQuery(
              List.of(
                  Column.plain("id", "d.id"),
                  Column.time("at", "d.at"),
                  Column.text("taxonomy", "t.code"),
                  Column.text("model", "m.version"),
                  Column.text("category", "d.category_code"),
                  Column.plain("confidence", "d.confidence"),
                  Column.text("leaf", "d.leaf_code"),
                  Column.plain("leaf_confidence", "d.leaf_confidence"),
                  Column.plain("accepted", "d.accepted"),
                  Column.text("sku", "d.sku"),
                  Column.text("title", "d.title"),
                  Column.text("brand", "d.brand"),
                  Column.text("description", "d.description"),
                  Column.text("supplier_category", "d.supplier_category"),
                  Column.text("url", "d.url")),
              "from decision d left join taxonomy t on t.id = d.taxonomy_id"
                  + " left join classifier_model m on m.id = d.model_id where true"
                  + where("d.taxonomy_id = ", taxonomyId)
                  + where("d.category_code = ", category)
                  + where("d.at >= ", from));
      default -> throw new IllegalArgumentException(request.what());
    };
  }

  private static String literal(PGConnection quoting, String text) throws SQLException {
    return "'" + quoting.escapeLiteral(text) + "'";
  }

  private static String where(String condition, Object value) {
    return value == null ? "" : " and " + condition + value;
  }

  /** As CSV (RFC 4180) with a header; what is absent is empty, an empty text stands in quotes. */
  String csv(boolean escapeFormulas) {
    return "copy (select "
        + columns.stream()
            .map(
                column ->
                    (escapeFormulas && column.text() ? escaped(column.sql()) : csvValue(column))
                        + " as \""
                        + column.name()
                        + "\"")
            .collect(Collectors.joining(", "))
        + " "
        + select
        + ") to stdout with (format csv, header true, encoding 'UTF8')";
  }

  /** Flags as words, not as letters. */
  private static String csvValue(Column column) {
    return column.sql().endsWith(".in_stock")
            || column.sql().endsWith(".hidden")
            || column.sql().endsWith(".accepted")
        ? column.sql() + "::text"
        : column.sql();
  }

  private static String escaped(String sql) {
    return "case when " + sql + " ~ '^[-=+@\\t\\r]' then '''' || " + sql + " else " + sql + " end";
  }

  /**
   * As NDJSON, without what is absent. JSON never has the control characters that are given as
   * quote and delimiter here, so COPY changes nothing of it.
   */
  String ndjson() {
    return "copy (select json_strip_nulls(row_to_json(r)) from (select "
        + columns.stream()
            .map(column -> column.sql() + " as \"" + column.name() + "\"")
            .collect(Collectors.joining(", "))
        + " "
        + select
        + ") r) to stdout with (format csv, header false, quote e'\\x01', delimiter e'\\x02',"
        + " encoding 'UTF8')";
  }
}
