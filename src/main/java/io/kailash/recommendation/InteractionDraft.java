package io.kailash.recommendation;

import io.kailash.platform.Sha256;
import io.kailash.platform.TextRules;
import io.kailash.recommendation.model.Kind;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/**
 * An interaction as a caller sends it.
 *
 * @param id the caller's own; the same id again is the same interaction
 * @param at RFC 3339; now where it is left out
 */
record InteractionDraft(String id, String user, String sku, String kind, Double value, String at) {
  static final int MAX_NAME = 128;
  private static final int MAX_ID = 256;
  private static final double MAX_RATING = 5;
  private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(10);
  private static final List<String> KINDS =
      Arrays.stream(Kind.values()).map(InteractionSeen::text).toList();

  /**
   * Ready to be written.
   *
   * @param event the same for the same interaction, however often it is sent
   */
  record Checked(UUID event, String user, String sku, Kind kind, Double value, Instant at) {}

  /**
   * Checks all of it.
   *
   * @throws io.kailash.platform.ProblemException 422 with every offending field
   */
  Checked checked(Instant now) {
    TextRules rules =
        new TextRules()
            .optional("/id", id, MAX_ID)
            .required("/user", user, MAX_NAME)
            .required("/sku", sku, MAX_NAME)
            .optional("/at", at, MAX_NAME);
    if (kind == null || !KINDS.contains(kind)) {
      rules.violation(
          "/kind", (kind == null ? "is missing" : "is not known") + "; it is one of " + KINDS);
    }
    boolean rating = InteractionSeen.text(Kind.RATING).equals(kind);
    if (rating && (value == null || !(value >= 0 && value <= MAX_RATING))) {
      rules.violation("/value", "of a rating is between 0 and 5");
    } else if (!rating && value != null) {
      rules.violation("/value", "is for ratings only");
    }
    Instant happened = now;
    if (at != null) {
      try {
        happened = OffsetDateTime.parse(at).toInstant();
        if (happened.isAfter(now.plus(CLOCKS_DIFFER))) {
          rules.violation("/at", "is in the future");
        } else if (happened.isBefore(Instant.EPOCH)) {
          rules.violation("/at", "is before 1970");
        }
      } catch (DateTimeException notATime) {
        rules.violation("/at", "is not a time such as 2026-03-01T10:00:00Z");
      }
    }
    rules.check();
    // PostgreSQL keeps microseconds; a repetition must have the same time as what was stored.
    happened = happened.truncatedTo(ChronoUnit.MICROS);
    // So does it keep a rating as 32 bits, which cannot hold what is almost nothing.
    Double rated = value == null ? null : Double.valueOf(value.floatValue());
    return new Checked(event(happened), user, sku, InteractionSeen.kind(kind), rated, happened);
  }

  private UUID event(Instant happened) {
    String name =
        id != null
            ? "id\u0000" + id
            : String.join("\u0000", "at", user, sku, kind, happened.toString());
    java.nio.ByteBuffer bytes = java.nio.ByteBuffer.wrap(Sha256.of(name));
    return new UUID(bytes.getLong(), bytes.getLong());
  }
}
