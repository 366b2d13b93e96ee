package io.kailash.recommendation;

import io.kailash.platform.ProblemException;
import io.kailash.recommendation.InteractionDraft.Checked;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/** What came of shown recommendations: who clicked, bought or dismissed, and how often. */
@Singleton
class ShownFeedback {
  static final List<String> KINDS = List.of("clicked", "bought", "dismissed");

  /** An answer given just now may not be written yet. */
  private static final long SETTLE_MILLIS = 2_000;

  private final DataSource database;
  private final ShownLog log;
  private final Interactions interactions;
  private final Clock clock;

  @Inject
  ShownFeedback(DataSource database, ShownLog log, Interactions interactions, Clock clock) {
    this.database = database;
    this.log = log;
    this.interactions = interactions;
    this.clock = clock;
  }

  private record Written(String user, List<String> items) {}

  /**
   * Rates of one strategy: answers that were shown, and shares of them with a click or a purchase.
   */
  record Rates(
      String strategy,
      long shown,
      long clicked,
      double clickRate,
      long bought,
      double conversionRate,
      long dismissed) {}

  /**
   * Takes feedback; the same again changes nothing. What is dismissed is not recommended to this
   * user again.
   *
   * @return interactions that came of it
   */
  @Transactional
  List<InteractionSeen> give(UUID id, String kind, String sku, String givenBy) {
    Written shown = require(id);
    if (!shown.items().contains(sku)) {
      throw ProblemException.invalid("/item", "'" + sku + "' was not recommended in this answer");
    }
    Instant now = clock.instant();
    try (Connection connection = database.getConnection();
        PreparedStatement insert =
            connection.prepareStatement(
                "insert into recommendation_feedback (shown_id, sku, kind, at, given_by)"
                    + " values (?, ?, ?, ?, ?) on conflict do nothing")) {
      insert.setObject(1, id);
      insert.setString(2, sku);
      insert.setString(3, kind);
      insert.setObject(4, now.atOffset(ZoneOffset.UTC));
      insert.setString(5, givenBy);
      insert.executeUpdate();
    } catch (SQLException failure) {
      throw new IllegalStateException("cannot store feedback", failure);
    }
    if (!kind.equals("dismissed") || shown.user() == null) {
      return List.of();
    }
    Checked dismissal =
        new InteractionDraft("shown:" + id + ":" + sku, shown.user(), sku, "dismissal", null, null)
            .checked(now);
    return List.copyOf(interactions.add(List.of(dismissal)).values());
  }

  private Written require(UUID id) {
    try {
      Optional<Written> found = find(id);
      if (found.isEmpty()) {
        log.settle(SETTLE_MILLIS);
        found = find(id);
      }
      return found.orElseThrow(() -> ProblemException.notFound("recommendation", id.toString()));
    } catch (SQLException failure) {
      throw new IllegalStateException("cannot read a recommendation", failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw ProblemException.unavailable("the service is ending", 5);
    }
  }

  private Optional<Written> find(UUID id) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement select =
            connection.prepareStatement(
                "select user_id, items from recommendation_shown where id = ?")) {
      select.setObject(1, id);
      try (ResultSet row = select.executeQuery()) {
        return row.next()
            ? Optional.of(
                new Written(row.getString(1), Arrays.asList((String[]) row.getArray(2).getArray())))
            : Optional.empty();
      }
    }
  }

  /** Rates of every strategy over the last days. */
  List<Rates> rates(int days) {
    try (Connection connection = database.getConnection();
        PreparedStatement select =
            connection.prepareStatement(
                "select s.strategy, count(*), count(f.clicked), count(f.bought),"
                    + " count(f.dismissed) from recommendation_shown s left join"
                    + " (select shown_id, nullif(bool_or(kind = 'clicked'), false) as clicked,"
                    + " nullif(bool_or(kind = 'bought'), false) as bought,"
                    + " nullif(bool_or(kind = 'dismissed'), false) as dismissed"
                    + " from recommendation_feedback group by shown_id) f on f.shown_id = s.id"
                    + " where s.at >= ? group by s.strategy order by s.strategy")) {
      select.setObject(1, clock.instant().minus(Duration.ofDays(days)).atOffset(ZoneOffset.UTC));
      List<Rates> rates = new ArrayList<>();
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          long shown = row.getLong(2);
          rates.add(
              new Rates(
                  row.getString(1),
                  shown,
                  row.getLong(3),
                  (double) row.getLong(3) / shown,
                  row.getLong(4),
                  (double) row.getLong(4) / shown,
                  row.getLong(5)));
        }
      }
      return rates;
    } catch (SQLException failure) {
      throw new IllegalStateException("cannot count feedback", failure);
    }
  }
}
