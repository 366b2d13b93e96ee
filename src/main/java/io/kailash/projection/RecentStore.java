package io.kailash.projection;

import io.kailash.platform.OutboxEvent;
import io.kailash.platform.Sha256;
import io.kailash.recommendation.InteractionSeen;
import io.kailash.recommendation.Popularity;
import io.kailash.recommendation.RecentHistory;
import io.kailash.recommendation.SharedResults;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import redis.clients.jedis.exceptions.JedisConnectionException;

/**
 * What is kept in Redis about what users did last, popularity of items and histories of users, and
 * which lists of recommendations are out of date. The events of users are of kind {@code
 * interaction}, as they are in the outbox. Failures of the connection leave as {@link
 * TargetDownException}.
 */
@Singleton
class RecentStore {
  private final Popularity popularity;
  private final RecentHistory histories;
  private final SharedResults results;

  @Inject
  RecentStore(Popularity popularity, RecentHistory histories, SharedResults results) {
    this.popularity = popularity;
    this.histories = histories;
    this.results = results;
  }

  /** Whether Redis has counted everything. */
  boolean isComplete() {
    boolean[] complete = new boolean[1];
    reached(() -> complete[0] = popularity.isComplete());
    return complete[0];
  }

  /** Notes that it has. */
  void complete() {
    reached(popularity::complete);
  }

  /** Forgets all of it, before it is built again. */
  void clear() {
    reached(
        () -> {
          popularity.clear();
          histories.clear();
        });
  }

  /** Counts interactions and adds them to the histories; the same again changes nothing. */
  void add(List<OutboxEvent> events) {
    List<InteractionSeen> seen = read(events);
    reached(
        () -> {
          popularity.add(seen);
          histories.add(seen);
        });
  }

  /** Counts interactions only: histories are taken over when they are asked for. */
  void count(List<OutboxEvent> events) {
    List<InteractionSeen> seen = read(events);
    reached(() -> popularity.add(seen));
  }

  /** Makes what was recommended for these items out of date. */
  void changed(Collection<String> skus) {
    reached(() -> results.changed(skus));
  }

  /**
   * Histories beside what the tables say, by user, as text; only those that are in Redis.
   *
   * @param only null for all
   */
  Map<String, SecondLook.Pair> histories(Collection<String> only) {
    Map<String, SecondLook.Pair> pairs = new TreeMap<>();
    reached(
        () -> {
          List<String> users = new ArrayList<>();
          if (only == null) {
            histories.forEachUser(users::add);
          } else {
            users.addAll(only);
          }
          for (String user : users) {
            histories
                .fromRedis(user)
                .ifPresent(
                    kept ->
                        pairs.put(
                            user, new SecondLook.Pair(text(histories.recorded(user)), text(kept))));
          }
        });
    return pairs;
  }

  private static String text(List<InteractionSeen> seen) {
    return seen.size()
        + " interactions, digest "
        + HexFormat.of()
            .formatHex(
                Sha256.of(
                    seen.stream()
                        .sorted(Comparator.comparingLong(InteractionSeen::id))
                        .map(one -> one.id() + " " + one.sku() + " " + one.kind())
                        .collect(Collectors.joining("\n"))))
            .substring(0, 16);
  }

  /** Forgets a user. */
  void forget(String user) {
    reached(() -> histories.forget(user));
  }

  private static List<InteractionSeen> read(List<OutboxEvent> events) {
    return events.stream().map(InteractionSeen::read).toList();
  }

  private static void reached(Runnable commands) {
    try {
      commands.run();
    } catch (JedisConnectionException lost) {
      throw new TargetDownException("Redis cannot be reached", lost);
    }
  }
}
