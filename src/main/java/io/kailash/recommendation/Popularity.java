package io.kailash.recommendation;

import io.kailash.platform.Redis;
import io.kailash.platform.Settings;
import io.kailash.platform.StoreTimings;
import io.kailash.platform.StoreWatch;
import io.kailash.recommendation.model.Kind;
import io.kailash.recommendation.model.ScoredItem;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.sql.DataSource;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.resps.ScanResult;
import redis.clients.jedis.resps.Tuple;

/**
 * Which items are popular, with exponential decay, in Redis; a request reads a snapshot in memory.
 *
 * <p>Of an interaction of weight w at time t, w · 2^(−(now − t)/h) is left now, with half-life h.
 * Kept is w · 2^((t − e)/h) with a fixed e: it differs by a factor that is the same for all items,
 * so nothing ever has to be decayed, and a late interaction counts as if it had come in time. With
 * the shortest half-life, 3 days, and e in 2034 a double holds this until 2042.
 *
 * <p>A mark tells that everything has been counted. A Redis that came back empty has none, and what
 * it counts from then on is a small part: until all is counted again the tables are asked.
 */
@Singleton
public class Popularity {
  private static final Logger LOG = Logger.getLogger(Popularity.class.getName());
  private static final String STORE = "redis";
  private static final Instant REFERENCE = Instant.parse("2034-01-01T00:00:00Z");
  private static final int KEPT = 1_000;

  /** Ids of one block of marks; as bits 128 KiB. */
  private static final long BLOCK = 1 << 20;

  private static final long MARKS_KEPT_SECONDS = Duration.ofDays(30).toSeconds();
  private static final Duration BETWEEN_COUNTS = Duration.ofSeconds(30);

  /** Half-lives after which an interaction does not matter any more: 0.4 per cent are left. */
  private static final int HALF_LIVES = 8;

  private static final String ADD =
      "for i = 1, #ARGV, 4 do if redis.call('SETBIT', ARGV[i], ARGV[i + 1], 1) == 0 then"
          + " redis.call('ZINCRBY', KEYS[1], ARGV[i + 3], ARGV[i + 2])"
          + " redis.call('EXPIRE', ARGV[i], "
          + MARKS_KEPT_SECONDS
          + ") end end return 1";

  private final Redis redis;
  private final StoreWatch watch;
  private final StoreTimings timings;
  private final DataSource database;
  private final Clock clock;
  private final Duration halfLife;
  private final String prefix;

  private volatile Snapshot snapshot = new Snapshot(List.of(), true);
  private volatile Instant counted = Instant.MIN;

  private record Snapshot(List<ScoredItem> items, boolean fresh) {}

  @Inject
  Popularity(
      Redis redis,
      StoreWatch watch,
      StoreTimings timings,
      DataSource database,
      Clock clock,
      Settings settings) {
    this.redis = redis;
    this.watch = watch;
    this.timings = timings;
    this.database = database;
    this.clock = clock;
    halfLife = RecommendationSettings.read(settings).popularityHalfLife();
    prefix = "kailash:popularity:{" + halfLife.toSeconds() + "}:";
  }

  /** How much an interaction counts; what nobody wants again does not. */
  static double weight(Kind kind, Double value) {
    return switch (kind) {
      case VIEW -> 1;
      case CART -> 2;
      case PURCHASE -> 3;
      case RATING -> value == null ? 1 : 3 * value / 5;
      case DISMISSAL -> 0;
    };
  }

  /** What is kept of a weight. */
  static double kept(double weight, Instant at, Duration halfLife) {
    double halfLives = Duration.between(REFERENCE, at).toMillis() / (double) halfLife.toMillis();
    return weight * Math.pow(2, halfLives);
  }

  /**
   * Counts interactions; one that was counted in the last 30 days is not counted again.
   *
   * @throws JedisException where Redis cannot be reached
   */
  public void add(List<InteractionSeen> seen) {
    List<String> values = new ArrayList<>(seen.size() * 4);
    for (InteractionSeen one : seen) {
      double weight = weight(one.kind(), one.value());
      if (weight > 0) {
        values.add(prefix + "seen:" + one.id() / BLOCK);
        values.add(Long.toString(one.id() % BLOCK));
        values.add(one.sku());
        values.add(Double.toString(kept(weight, one.at(), halfLife)));
      }
    }
    if (values.isEmpty()) {
      return;
    }
    long began = System.nanoTime();
    redis.client().eval(ADD, List.of(prefix + "items"), values);
    timings.record(STORE, "store", Duration.ofNanos(System.nanoTime() - began));
  }

  /**
   * Forgets all of it, before it is built again.
   *
   * @throws JedisException where Redis cannot be reached
   */
  public void clear() {
    redis.client().del(mark(), prefix + "items");
    ScanParams marks = new ScanParams().match(prefix + "seen:*").count(1_000);
    String cursor = ScanParams.SCAN_POINTER_START;
    do {
      ScanResult<String> found = redis.client().scan(cursor, marks);
      found.getResult().forEach(key -> redis.client().del(key));
      cursor = found.getCursor();
    } while (!cursor.equals(ScanParams.SCAN_POINTER_START));
  }

  /**
   * Whether everything was counted since Redis was last empty.
   *
   * @throws JedisException where Redis cannot be reached
   */
  public boolean isComplete() {
    return redis.client().exists(mark());
  }

  /**
   * Notes that everything has been counted.
   *
   * @throws JedisException where Redis cannot be reached
   */
  public void complete() {
    redis.client().set(mark(), "1");
  }

  private String mark() {
    return prefix + "complete";
  }

  /** The most popular items, best first, at most 1000, as of about a second ago. */
  public List<ScoredItem> top(int limit) {
    List<ScoredItem> items = snapshot.items();
    return items.subList(0, Math.min(limit, items.size()));
  }

  /** Whether the snapshot is as fresh as it should be. */
  boolean fresh() {
    return snapshot.fresh();
  }

  /** Takes a new snapshot, from Redis or, while that is down or knows nothing, from PostgreSQL. */
  void refresh() {
    boolean reachable = watch.state(STORE).reachable();
    if (reachable) {
      try {
        long began = System.nanoTime();
        List<Tuple> best =
            isComplete()
                ? redis.client().zrevrangeWithScores(prefix + "items", 0, KEPT - 1L)
                : List.of();
        timings.record(STORE, "popular", Duration.ofNanos(System.nanoTime() - began));
        if (!best.isEmpty()) {
          double now = kept(1, clock.instant(), halfLife);
          snapshot =
              new Snapshot(
                  best.stream()
                      .map(t -> new ScoredItem(t.getElement(), t.getScore() / now, null))
                      .toList(),
                  true);
          return;
        }
      } catch (JedisException lost) {
        LOG.log(Level.FINE, "popularity is counted in the tables", lost);
        reachable = false;
      }
    }
    Instant now = clock.instant();
    if (snapshot.items().isEmpty() || counted.plus(BETWEEN_COUNTS).isBefore(now)) {
      counted = now;
      try {
        snapshot = new Snapshot(count(now), reachable);
        return;
      } catch (SQLException failure) {
        LOG.log(Level.FINE, "popularity stays as it is", failure);
      }
    }
    snapshot = new Snapshot(snapshot.items(), reachable);
  }

  private List<ScoredItem> count(Instant now) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement select =
            connection.prepareStatement(
                "select sku, sum(power(2, -extract(epoch from ? - at) / ?)"
                    + " * case kind when 'view' then 1 when 'cart' then 2 when 'purchase' then 3"
                    + " else 3 * value / 5 end) as score from interaction"
                    + " where at > ? and kind <> 'dismissal'"
                    + " group by sku order by score desc, sku limit ?")) {
      select.setObject(1, now.atOffset(ZoneOffset.UTC));
      select.setDouble(2, halfLife.toSeconds());
      select.setObject(3, now.minus(halfLife.multipliedBy(HALF_LIVES)).atOffset(ZoneOffset.UTC));
      select.setInt(4, KEPT);
      List<ScoredItem> found = new ArrayList<>();
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          found.add(new ScoredItem(row.getString(1), row.getDouble(2), null));
        }
      }
      return found;
    }
  }
}
