package io.kailash.transfer.exports;

import io.kailash.platform.Problem;
import io.kailash.platform.ProblemException;
import io.kailash.platform.TextRules;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;

/**
 * What is to be exported and how; what is null does not matter.
 *
 * @param what {@code items}, {@code labels}, {@code interactions} or {@code decisions}
 * @param format {@code csv} or {@code ndjson}
 * @param gzip whether it is packed
 * @param taxonomy items labelled in it, labels of it, decisions in it
 * @param category code of the label or decision
 * @param since RFC 3339: changed, set, happened or decided at or after
 * @param user whose interactions
 * @param escapeFormulas whether a text in CSV that a spreadsheet would take for a formula gets an
 *     apostrophe in front; the file then no longer says exactly what is stored
 */
record ExportRequest(
    String what,
    String format,
    Boolean gzip,
    String taxonomy,
    String category,
    String since,
    String user,
    Boolean escapeFormulas) {
  static final List<String> WHATS = List.of("items", "labels", "interactions", "decisions");
  private static final int MAX_TEXT = 500;

  /**
   * With its defaults.
   *
   * @throws ProblemException 422 naming every wrong value
   */
  ExportRequest checked() {
    TextRules rules = new TextRules();
    if (what == null || !WHATS.contains(what)) {
      rules.violation(
          "/what", (what == null ? "is missing" : "is not known") + "; it is one of " + WHATS);
    }
    if (format != null && !format.equals("csv") && !format.equals("ndjson")) {
      rules.violation("/format", "is neither csv nor ndjson");
    }
    rules
        .optional("/taxonomy", taxonomy, MAX_TEXT)
        .optional("/category", category, MAX_TEXT)
        .optional("/user", user, MAX_TEXT);
    boolean people = "interactions".equals(what);
    if (people && (taxonomy != null || category != null)) {
      rules.violation(taxonomy != null ? "/taxonomy" : "/category", "is not for interactions");
    }
    if (!people && user != null) {
      rules.violation("/user", "is for interactions only");
    }
    if (category != null && taxonomy == null) {
      rules.violation("/category", "needs a taxonomy");
    }
    if (since != null) {
      try {
        OffsetDateTime.parse(since);
      } catch (DateTimeException notATime) {
        rules.violation("/since", "is not a time such as 2026-03-01T10:00:00Z");
      }
    }
    if (Boolean.TRUE.equals(escapeFormulas) && "ndjson".equals(format)) {
      rules.violation("/escape_formulas", "is for csv only");
    }
    rules.check();
    return new ExportRequest(
        what,
        format == null ? "csv" : format,
        Boolean.TRUE.equals(gzip),
        taxonomy,
        category,
        since,
        user,
        Boolean.TRUE.equals(escapeFormulas));
  }

  static boolean flag(String name, String text) {
    if (text == null || text.equals("false")) {
      return false;
    }
    if (text.equals("true")) {
      return true;
    }
    throw ProblemException.invalid(
        List.of(new Problem.Violation("?" + name, "is neither true nor false")));
  }

  Instant from() {
    return since == null ? null : OffsetDateTime.parse(since).toInstant();
  }

  boolean csv() {
    return format.equals("csv");
  }

  String fileName() {
    return what + "." + format + (gzip ? ".gz" : "");
  }

  String mediaType() {
    return gzip
        ? "application/gzip"
        : csv() ? "text/csv; charset=utf-8; header=present" : "application/x-ndjson";
  }
}
