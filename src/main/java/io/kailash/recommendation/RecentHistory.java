package io.kailash.recommendation;

import io.kailash.platform.Redis;
import io.kailash.platform.Settings;
import io.kailash.platform.StoreTimings;
import io.kailash.platform.StoreWatch;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.resps.ScanResult;

/**
 * What each user did last, in Redis, so that an interaction counts for the very next answer.
 *
 * <p>A user's history is taken to Redis when it is first asked for and kept up from then on: a
 * history that is there is complete. An interaction that finds none leaves a mark for a few seconds
 * instead, and while the mark is there no history is taken over: who read the tables just before
 * the interaction came must not put down what they read just after it.
 */
@Singleton
public class RecentHistory {
  private static final Logger LOG = Logger.getLogger(RecentHistory.class.getName());
  private static final String STORE = "redis";
  private static final String KEPT = Long.toString(Duration.ofDays(7).toSeconds());
  private static final String MARKED = "10";
  private static final String SEPARATOR = "\u001f";

  private static final String KEY_START = "kailash:history:{";

  /** Stands for a user without interactions, who is known to have none. */
  private static final String NOTHING = "-";

  private static final String ADD =
      "if redis.call('EXISTS', KEYS[1]) == 0 then redis.call('SET', KEYS[2], '1', 'EX', ARGV[2])"
          + " return 0 end"
          + " for i = 4, #ARGV, 2 do redis.call('ZADD', KEYS[1], ARGV[i], ARGV[i + 1]) end"
          + " redis.call('ZREMRANGEBYRANK', KEYS[1], 0, -1 - tonumber(ARGV[1]))"
          + " redis.call('EXPIRE', KEYS[1], ARGV[3]) return 1";
  private static final String FILL =
      "if redis.call('EXISTS', KEYS[2]) == 1 then return 0 end redis.call('DEL', KEYS[1])"
          + " for i = 2, #ARGV, 2 do redis.call('ZADD', KEYS[1], ARGV[i], ARGV[i + 1]) end"
          + " redis.call('EXPIRE', KEYS[1], ARGV[1]) return 1";
  private static final String FORGET =
      "redis.call('DEL', KEYS[1]) redis.call('SET', KEYS[2], '1', 'EX', ARGV[1]) return 1";

  private static final Comparator<InteractionSeen> NEWEST_FIRST =
      Comparator.comparing(InteractionSeen::at).thenComparing(InteractionSeen::id).reversed();

  private final Redis redis;
  private final StoreWatch watch;
  private final StoreTimings timings;
  private final Interactions interactions;
  private final int length;

  @Inject
  RecentHistory(
      Redis redis,
      StoreWatch watch,
      StoreTimings timings,
      Interactions interactions,
      Settings settings) {
    this.redis = redis;
    this.watch = watch;
    this.timings = timings;
    this.interactions = interactions;
    length = RecommendationSettings.read(settings).history();
  }

  /** The latest of a user, newest first, from Redis or, where it has none, from PostgreSQL. */
  public List<InteractionSeen> of(String user) {
    return isThere()
        ? fromRedis(user).orElseGet(() -> fromTables(user))
        : interactions.latest(user, length);
  }

  boolean isThere() {
    return watch.state(STORE).reachable();
  }

  /**
   * What Redis has; empty where it has nothing about this user, or nothing that can be read.
   *
   * @throws JedisException where Redis cannot be reached
   */
  public Optional<List<InteractionSeen>> fromRedis(String user) {
    long began = System.nanoTime();
    List<String> members = redis.client().zrevrange(key(user), 0, -1);
    timings.record(
        STORE, members.isEmpty() ? "miss" : "session", Duration.ofNanos(System.nanoTime() - began));
    if (members.isEmpty()) {
      return Optional.empty();
    }
    List<InteractionSeen> found = new ArrayList<>(members.size());
    for (String member : members) {
      if (!member.equals(NOTHING)) {
        Optional<InteractionSeen> seen = read(user, member);
        if (seen.isEmpty()) {
          LOG.log(Level.WARNING, "a history in Redis is damaged and is taken over again");
          redis.client().del(key(user));
          return Optional.empty();
        }
        found.add(seen.get());
      }
    }
    found.sort(NEWEST_FIRST);
    return Optional.of(found);
  }

  /** What PostgreSQL has. */
  public List<InteractionSeen> recorded(String user) {
    return interactions.latest(user, length);
  }

  /**
   * Hands on everybody whose history is in Redis.
   *
   * @throws JedisException where Redis cannot be reached
   */
  public void forEachUser(Consumer<String> users) {
    forEachKey(key -> users.accept(key.substring(KEY_START.length(), key.length() - 1)));
  }

  /** What PostgreSQL has; taken to Redis on the way, if that is there. */
  List<InteractionSeen> fromTables(String user) {
    List<InteractionSeen> found = interactions.latest(user, length);
    if (isThere()) {
      List<String> values = new ArrayList<>(List.of(KEPT));
      if (found.isEmpty()) {
        values.add("0");
        values.add(NOTHING);
      }
      found.forEach(seen -> put(values, seen));
      try {
        run(FILL, user, values);
      } catch (JedisException lost) {
        LOG.log(Level.FINE, "a history was not taken to Redis", lost);
      }
    }
    return found;
  }

  /**
   * Adds interactions to the histories that are in Redis; the same again changes nothing.
   *
   * @throws JedisException where Redis cannot be reached
   */
  public void add(List<InteractionSeen> seen) {
    if (seen.isEmpty()) {
      return;
    }
    Map<String, List<String>> byUser = new LinkedHashMap<>();
    for (InteractionSeen one : seen) {
      put(
          byUser.computeIfAbsent(
              one.user(), user -> new ArrayList<>(List.of(Integer.toString(length), MARKED, KEPT))),
          one);
    }
    long began = System.nanoTime();
    if (byUser.size() == 1) {
      byUser.forEach((user, values) -> redis.client().eval(ADD, keys(user), values));
    } else {
      try (AbstractPipeline pipeline = redis.client().pipelined()) {
        byUser.forEach((user, values) -> pipeline.eval(ADD, keys(user), values));
        pipeline.sync();
      }
    }
    timings.record(STORE, "store", Duration.ofNanos(System.nanoTime() - began));
  }

  /** Like {@link #add}, right after the commit; what fails here, the projection makes good. */
  void added(List<InteractionSeen> fresh) {
    if (!isThere()) {
      return;
    }
    try {
      add(fresh);
    } catch (JedisException lost) {
      LOG.log(Level.FINE, "interactions will reach Redis later", lost);
    }
  }

  /**
   * Forgets a user.
   *
   * @throws JedisException where Redis cannot be reached
   */
  public void forget(String user) {
    run(FORGET, user, List.of(MARKED));
  }

  /**
   * Forgets all histories; each is taken over again when it is asked for.
   *
   * @throws JedisException where Redis cannot be reached
   */
  public void clear() {
    forEachKey(key -> redis.client().del(key));
  }

  private void forEachKey(Consumer<String> keys) {
    ScanParams histories = new ScanParams().match(KEY_START + "*").count(1_000);
    String cursor = ScanParams.SCAN_POINTER_START;
    do {
      ScanResult<String> found = redis.client().scan(cursor, histories);
      found.getResult().forEach(keys);
      cursor = found.getCursor();
    } while (!cursor.equals(ScanParams.SCAN_POINTER_START));
  }

  /** Like {@link #forget}, right after the commit; what fails here, the projection makes good. */
  void forgotten(String user) {
    if (!isThere()) {
      return;
    }
    try {
      forget(user);
    } catch (JedisException lost) {
      LOG.log(Level.WARNING, "a user will be forgotten in Redis later", lost);
    }
  }

  private void run(String script, String user, List<String> values) {
    long began = System.nanoTime();
    RedisClient client = redis.client();
    client.eval(script, keys(user), values);
    timings.record(STORE, "store", Duration.ofNanos(System.nanoTime() - began));
  }

  private static List<String> keys(String user) {
    return List.of(key(user), "kailash:history-mark:{" + user + "}");
  }

  private static String key(String user) {
    return KEY_START + user + "}";
  }

  private static void put(List<String> values, InteractionSeen seen) {
    values.add(Long.toString(seen.at().toEpochMilli()));
    values.add(
        String.join(
            SEPARATOR,
            Long.toString(seen.id()),
            InteractionSeen.text(seen.kind()),
            seen.value() == null ? "" : seen.value().toString(),
            Long.toString(ChronoUnit.MICROS.between(Instant.EPOCH, seen.at())),
            seen.sku()));
  }

  private static Optional<InteractionSeen> read(String user, String member) {
    String[] parts = member.split(SEPARATOR, 5);
    if (parts.length < 5) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new InteractionSeen(
              Long.parseLong(parts[0]),
              user,
              parts[4],
              InteractionSeen.kind(parts[1]),
              parts[2].isEmpty() ? null : Double.valueOf(parts[2]),
              Instant.EPOCH.plus(Long.parseLong(parts[3]), ChronoUnit.MICROS)));
    } catch (IllegalArgumentException | DateTimeException | ArithmeticException damaged) {
      LOG.log(Level.FINE, "not an interaction", damaged);
      return Optional.empty();
    }
  }
}
