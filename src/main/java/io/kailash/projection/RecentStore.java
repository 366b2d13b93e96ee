package io.kailash.projection;

import io.kailash.platform.OutboxEvent;
import io.kailash.recommendation.InteractionSeen;
import io.kailash.recommendation.Popularity;
import io.kailash.recommendation.RecentHistory;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import redis.clients.jedis.exceptions.JedisConnectionException;

/**
 * What is kept in Redis about what users did last: popularity of items and histories of users. The
 * events are of kind {@code interaction}, as they are in the outbox. Failures of the connection
 * leave as {@link TargetDownException}.
 */
@Singleton
class RecentStore {
  private final Popularity popularity;
  private final RecentHistory histories;

  @Inject
  RecentStore(Popularity popularity, RecentHistory histories) {
    this.popularity = popularity;
    this.histories = histories;
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
