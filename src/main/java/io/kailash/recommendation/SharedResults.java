package io.kailash.recommendation;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kailash.platform.Redis;
import io.kailash.platform.Settings;
import io.kailash.platform.Sha256;
import io.kailash.platform.StoreTimings;
import io.kailash.platform.StoreWatch;
import io.kailash.recommendation.sources.Guard;
import io.kailash.recommendation.sources.Guards;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Level;
import java.util.logging.Logger;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Candidate lists that any instance has made, in Redis, for those questions that many people ask:
 * what goes with the items of a page, whoever looks at it. What depends on a user's own history is
 * asked again by nobody else and is not kept here.
 *
 * <p>A list is only used as long as none of the items it was made for has changed: each has a
 * generation, which counts its changes, and a list says of which generations it is. So it makes no
 * difference whether a list is put down just before or just after a change.
 *
 * <p>Of all instances that miss a list at the same time one makes it; the others wait a moment for
 * it. One that dies at it holds them up for that moment only.
 */
@Singleton
public class SharedResults {
  private static final Logger LOG = Logger.getLogger(SharedResults.class.getName());
  private static final String STORE = "redis";
  private static final String PREFIX = "kailash:result:";
  private static final String GENERATION = "kailash:result-generation:";

  /** Longer than any list is kept; a generation that is gone is the same as none. */
  private static final String GENERATION_KEPT = Long.toString(Duration.ofHours(1).toSeconds());

  private static final long LONGEST_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
  private static final long BETWEEN_LOOKS_NANOS = TimeUnit.MILLISECONDS.toNanos(3);
  private static final String LONGEST_MAKING_MILLIS = "1000";

  /** The generations as they are, the list if it is of these, else whether to make it. */
  private static final byte[] LOOK =
      ("local stamp = ''"
              + " for i = 3, #KEYS do stamp = stamp .. (redis.call('GET', KEYS[i]) or '0') .. ' ' end"
              + " local kept = redis.call('GET', KEYS[1])"
              + " if kept and string.sub(kept, 1, #stamp + 1) == stamp .. '\\n' then"
              + " return {stamp, string.sub(kept, #stamp + 2)} end"
              + " if redis.call('SET', KEYS[2], '1', 'NX', 'PX', ARGV[1]) then return {stamp} end"
              + " return {}")
          .getBytes(UTF_8);

  private static final byte[] PUT =
      ("redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) redis.call('DEL', KEYS[2]) return 1")
          .getBytes(UTF_8);

  private static final String CHANGED =
      "redis.call('INCR', KEYS[1]) redis.call('EXPIRE', KEYS[1], ARGV[1]) return 1";

  private final Redis redis;
  private final StoreWatch watch;
  private final StoreTimings timings;
  private final Guard guard;
  private final long lifetimeMillis;

  @Inject
  SharedResults(
      Redis redis, StoreWatch watch, StoreTimings timings, Guards guards, Settings settings) {
    this.redis = redis;
    this.watch = watch;
    this.timings = timings;
    guard = guards.of("results");
    lifetimeMillis = RecommendationSettings.read(settings).sharedResultLifetime().toMillis();
  }

  /**
   * What came of a look.
   *
   * @param list null where there is none
   * @param place where the asker's own list is to be put; null where it is not
   */
  record Look(Ranking list, Place place) {
    private static final Look NOTHING = new Look(null, null);
  }

  /** Where a list that is being made belongs, and the generations of its items before. */
  record Place(List<byte[]> keys, byte[] stamp) {}

  /**
   * Looks for a list. While another instance is making it, waits a moment for that one.
   *
   * @param question all that the list depends on, as text
   * @param items for which it is
   */
  Look look(String question, List<String> items, long deadlineNanos) {
    if (!watch.state(STORE).reachable()) {
      return Look.NOTHING;
    }
    List<byte[]> keys = keys(question, items);
    long until = Math.min(deadlineNanos, System.nanoTime() + LONGEST_WAIT_NANOS);
    while (true) {
      Optional<Look> look = guard.start(() -> look(keys)).get(until);
      if (look.isEmpty()) {
        return Look.NOTHING;
      }
      if (look.get().list() != null || look.get().place() != null) {
        return look.get();
      }
      if (System.nanoTime() + BETWEEN_LOOKS_NANOS >= until) {
        return Look.NOTHING;
      }
      LockSupport.parkNanos(BETWEEN_LOOKS_NANOS);
    }
  }

  private Look look(List<byte[]> keys) {
    long began = System.nanoTime();
    List<?> answer =
        (List<?>) redis.client().eval(LOOK, keys, List.of(LONGEST_MAKING_MILLIS.getBytes(UTF_8)));
    boolean hit = answer.size() == 2;
    timings.record(STORE, hit ? "hit" : "miss", Duration.ofNanos(System.nanoTime() - began));
    if (answer.isEmpty()) {
      return Look.NOTHING;
    }
    byte[] stamp = (byte[]) answer.get(0);
    if (hit) {
      try {
        return new Look(Ranking.read((byte[]) answer.get(1)), null);
      } catch (IOException damaged) {
        LOG.log(Level.FINE, "a list in Redis cannot be read and is made again", damaged);
      }
    }
    return new Look(null, new Place(keys, stamp));
  }

  /** Puts a list down for all instances; nobody waits for it. */
  void put(Place place, Ranking list) {
    byte[] bytes = list.bytes();
    byte[] value = new byte[place.stamp().length + 1 + bytes.length];
    System.arraycopy(place.stamp(), 0, value, 0, place.stamp().length);
    value[place.stamp().length] = '\n';
    System.arraycopy(bytes, 0, value, place.stamp().length + 1, bytes.length);
    // Not all at once: what was put down together is not to be missed together.
    long kept =
        lifetimeMillis
            - Math.floorMod(Arrays.hashCode(place.keys().get(0)), lifetimeMillis / 10 + 1);
    guard.start(
        () -> {
          long began = System.nanoTime();
          Object done =
              redis
                  .client()
                  .eval(
                      PUT,
                      place.keys().subList(0, 2),
                      List.of(value, Long.toString(Math.max(1, kept)).getBytes(UTF_8)));
          timings.record(STORE, "store", Duration.ofNanos(System.nanoTime() - began));
          return done;
        });
  }

  /** Lets others make what this instance could not. */
  void giveUp(Place place) {
    guard.start(() -> redis.client().del(place.keys().get(1)));
  }

  /**
   * Makes all lists for these items out of date.
   *
   * @throws JedisException where Redis cannot be reached
   */
  public void changed(Collection<String> skus) {
    long began = System.nanoTime();
    try (AbstractPipeline pipeline = redis.client().pipelined()) {
      skus.forEach(
          sku -> pipeline.eval(CHANGED, List.of(GENERATION + sku), List.of(GENERATION_KEPT)));
      pipeline.sync();
    }
    timings.record(STORE, "store", Duration.ofNanos(System.nanoTime() - began));
  }

  private static List<byte[]> keys(String question, List<String> items) {
    String name = PREFIX + HexFormat.of().formatHex(Sha256.of(question));
    List<byte[]> keys = new ArrayList<>(items.size() + 2);
    keys.add(name.getBytes(UTF_8));
    keys.add((name + ":making").getBytes(UTF_8));
    items.forEach(sku -> keys.add((GENERATION + sku).getBytes(UTF_8)));
    return keys;
  }
}
