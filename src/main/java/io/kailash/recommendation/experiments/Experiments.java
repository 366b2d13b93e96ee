package io.kailash.recommendation.experiments;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import io.kailash.access.AuditLog;
import io.kailash.platform.Json;
import io.kailash.platform.ProblemException;
import io.kailash.recommendation.experiments.Experiment.Arm;
import io.kailash.recommendation.experiments.Proportion.Interval;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;

/** All experiments; at most one is running. */
@Singleton
public class Experiments {
  /** 95 per cent. */
  static final double Z = 1.959964;

  /**
   * Who looks again and again finds a difference by chance sooner or later. So an experiment is
   * clear before its end only beyond 3.29 standard errors, whatever the number of looks: the rule
   * of Haybittle 1971 and Peto and others 1976.
   */
  static final double Z_OF_A_LOOK = 3.290527;

  /** With fewer users in an arm nothing is clear. */
  static final long LEAST_USERS = 100;

  private static final String SELECT =
      "select id, name, status, arms::text, metric, stop_when_clear, created_at, created_by,"
          + " ended_at, ended_by, winner from experiment ";
  private static final TypeReference<List<Arm>> ARMS = new TypeReference<>() {};

  private final DataSource database;
  private final AuditLog audit;
  private final Clock clock;
  private volatile Optional<Experiment> running = Optional.empty();

  @Inject
  Experiments(DataSource database, AuditLog audit, Clock clock) {
    this.database = database;
    this.audit = audit;
    this.clock = clock;
  }

  /** Which arm a user is in, and the strategy that follows. */
  public record Assignment(long experimentId, String experiment, String arm, String strategy) {}

  /**
   * What is known of an arm.
   *
   * @param users to whom something was shown
   * @param successes those of them who clicked, or bought
   * @param better by how much it is better than the first arm, with 95 per cent; null for the first
   */
  record Result(
      String arm,
      String strategy,
      double share,
      long users,
      long successes,
      double rate,
      Interval interval,
      Interval better) {}

  /** The arm of a user in the running experiment, if there is one; asks no store. */
  public Optional<Assignment> assign(String user) {
    return running.map(
        experiment -> {
          Arm arm = experiment.armOf(user);
          return new Assignment(experiment.id(), experiment.name(), arm.name(), arm.strategy());
        });
  }

  /** Takes over what is running now. */
  public void refresh() {
    running = all().stream().filter(Experiment::running).findFirst();
  }

  /** The running experiment's clear winner, if it has one and wants to end with it. */
  public Optional<Clear> clear() {
    return running
        .filter(Experiment::stopWhenClear)
        .flatMap(
            experiment ->
                winner(results(experiment), Z_OF_A_LOOK)
                    .map(winner -> new Clear(experiment.name(), winner)));
  }

  /** An experiment and the arm that is better beyond doubt. */
  public record Clear(String experiment, String winner) {}

  List<Experiment> all() {
    return read(SELECT + "order by id desc", null);
  }

  Experiment require(String name) {
    return read(SELECT + "where name = ?", name).stream()
        .findFirst()
        .orElseThrow(() -> ProblemException.notFound("experiment", name));
  }

  private List<Experiment> read(String sql, String name) {
    try (Connection connection = database.getConnection();
        PreparedStatement select = connection.prepareStatement(sql)) {
      if (name != null) {
        select.setString(1, name);
      }
      List<Experiment> found = new ArrayList<>();
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          OffsetDateTime ended = row.getObject(9, OffsetDateTime.class);
          found.add(
              new Experiment(
                  row.getLong(1),
                  row.getString(2),
                  row.getString(3),
                  Json.MAPPER.readValue(row.getString(4), ARMS),
                  row.getString(5),
                  row.getBoolean(6),
                  row.getObject(7, OffsetDateTime.class).toInstant(),
                  row.getString(8),
                  ended == null ? null : ended.toInstant(),
                  row.getString(10),
                  row.getString(11)));
        }
      }
      return found;
    } catch (SQLException | JsonProcessingException failure) {
      throw new IllegalStateException("cannot read experiments", failure);
    }
  }

  /**
   * Starts an experiment.
   *
   * @throws ProblemException 409 where one is running, or one of this name was
   */
  @Transactional
  Experiment create(
      String name, List<Arm> arms, String metric, boolean stopWhenClear, String actor) {
    try (Connection connection = database.getConnection();
        PreparedStatement insert =
            connection.prepareStatement(
                "insert into experiment (name, status, arms, metric, stop_when_clear, created_at,"
                    + " created_by) values (?, 'running', ?::jsonb, ?, ?, ?, ?)"
                    + " on conflict do nothing")) {
      insert.setString(1, name);
      insert.setString(2, Json.MAPPER.writeValueAsString(arms));
      insert.setString(3, metric);
      insert.setBoolean(4, stopWhenClear);
      insert.setObject(5, clock.instant().atOffset(ZoneOffset.UTC));
      insert.setString(6, actor);
      if (insert.executeUpdate() == 0) {
        throw ProblemException.conflict(
            "experiment-exists",
            "Experiment exists",
            "an experiment is running, or there was one of this name");
      }
    } catch (SQLException | JsonProcessingException failure) {
      throw new IllegalStateException("cannot store an experiment", failure);
    }
    audit.record(actor, "experiment.start", name, Map.of("arms", arms));
    return require(name);
  }

  /** Ends an experiment; an ended one stays as it is. */
  @Transactional
  public void end(String name, String winner, String actor) {
    try (Connection connection = database.getConnection();
        PreparedStatement update =
            connection.prepareStatement(
                "update experiment set status = 'ended', ended_at = ?, ended_by = ?, winner = ?"
                    + " where name = ? and status = 'running'")) {
      update.setObject(1, clock.instant().atOffset(ZoneOffset.UTC));
      update.setString(2, actor);
      update.setString(3, winner);
      update.setString(4, name);
      if (update.executeUpdate() == 1) {
        Map<String, Object> detail = new HashMap<>();
        detail.put("winner", winner);
        audit.record(actor, "experiment.end", name, detail);
      }
    } catch (SQLException failure) {
      throw new IllegalStateException("cannot end an experiment", failure);
    }
  }

  /**
   * What is known so far, in the order of the arms. Users are counted, not answers: they differ.
   */
  List<Result> results(Experiment experiment) {
    Map<String, Proportion> byArm = new HashMap<>();
    try (Connection connection = database.getConnection();
        PreparedStatement select =
            connection.prepareStatement(
                "select arm, count(*), count(*) filter (where success) from"
                    + " (select s.arm, s.user_id, bool_or(exists (select 1 from"
                    + " recommendation_feedback f where f.shown_id = s.id and f.kind = ?)) as"
                    + " success from recommendation_shown s where s.experiment_id = ?"
                    + " group by s.arm, s.user_id) u group by arm")) {
      select.setString(1, experiment.metric());
      select.setLong(2, experiment.id());
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          byArm.put(row.getString(1), new Proportion(row.getLong(3), row.getLong(2)));
        }
      }
    } catch (SQLException failure) {
      throw new IllegalStateException("cannot count the results", failure);
    }
    return results(experiment.arms(), byArm, Z);
  }

  static List<Result> results(List<Arm> arms, Map<String, Proportion> byArm, double z) {
    Proportion none = new Proportion(0, 0);
    Proportion first = byArm.getOrDefault(arms.get(0).name(), none);
    List<Result> results = new ArrayList<>();
    for (Arm arm : arms) {
      Proportion own = byArm.getOrDefault(arm.name(), none);
      results.add(
          new Result(
              arm.name(),
              arm.strategy(),
              arm.share(),
              own.trials(),
              own.successes(),
              own.share(),
              own.interval(z),
              results.isEmpty() ? null : own.differenceTo(first, z)));
    }
    return results;
  }

  /** The arm that is better than every other beyond doubt; empty where there is none. */
  static Optional<String> winner(List<Result> results, double z) {
    for (Result candidate : results) {
      Proportion own = new Proportion(candidate.successes(), candidate.users());
      boolean best =
          results.stream()
              .filter(other -> other != candidate)
              .allMatch(
                  other ->
                      own.trials() >= LEAST_USERS
                          && other.users() >= LEAST_USERS
                          && own.differenceTo(new Proportion(other.successes(), other.users()), z)
                                  .low()
                              > 0);
      if (best) {
        return Optional.of(candidate.arm());
      }
    }
    return Optional.empty();
  }
}
