package io.kailash.platform;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.XReadParams;
import redis.clients.jedis.params.XTrimParams;
import redis.clients.jedis.resps.StreamEntry;

/**
 * What {@link LiveFeed} has written, by all instances and in one order.
 *
 * <p>Every method throws {@link JedisException} where Redis cannot be reached.
 */
@Singleton
public class LiveStream {
  private static final Pattern RUN = Pattern.compile("run_id:(\\S+)");
  private static final Duration SLACK = Duration.ofSeconds(2);

  private final Redis redis;
  private final LiveFeed feed;
  private final Clock clock;

  @Inject
  LiveStream(Redis redis, LiveFeed feed, Clock clock) {
    this.redis = redis;
    this.feed = feed;
    this.clock = clock;
  }

  /** How long events are kept at most for those who come back. */
  public Duration window() {
    return feed.settings().window();
  }

  /** The first events after a place, in their order; none where there are none. */
  public List<LiveEvent> after(LiveId place, int limit) {
    return redis.client().xrange(LiveFeed.STREAM, "(" + place, "+", limit).stream()
        .map(LiveStream::event)
        .toList();
  }

  /** Place of the oldest event that is still kept. */
  public Optional<LiveId> oldest() {
    return redis.client().xrange(LiveFeed.STREAM, "-", "+", 1).stream()
        .findFirst()
        .map(entry -> id(entry.getID()));
  }

  /** Place of the newest event that is kept. */
  public Optional<LiveId> newest() {
    return redis.client().xrevrange(LiveFeed.STREAM, "+", "-", 1).stream()
        .findFirst()
        .map(entry -> id(entry.getID()));
  }

  /** Forgets what is older than the window. */
  public void trim() {
    long oldest = clock.millis() - window().toMillis();
    redis
        .client()
        .xtrim(
            LiveFeed.STREAM, XTrimParams.xTrimParams().minId(oldest + "-0").approximateTrimming());
  }

  /**
   * Opens a connection that waits for events.
   *
   * @param longest that {@link Reader#next} waits
   */
  public Reader open(Duration longest) {
    Jedis own = redis.open(longest.plus(SLACK));
    boolean opened = false;
    try {
      Matcher run = RUN.matcher(own.info("server"));
      if (!run.find()) {
        throw new JedisException("Redis does not tell the number of its run");
      }
      feed.noteRun(run.group(1));
      opened = true;
      return new Reader(own, longest);
    } finally {
      if (!opened) {
        own.close();
      }
    }
  }

  /** Waits for events; used by one thread. */
  public static final class Reader implements AutoCloseable {
    private static final int AT_ONCE = 1_000;

    private final Jedis own;
    private final XReadParams waiting;

    private Reader(Jedis own, Duration longest) {
      this.own = own;
      waiting = XReadParams.xReadParams().count(AT_ONCE).block(Math.toIntExact(longest.toMillis()));
    }

    /** Place of the newest event there ever was; {@link LiveId#START} where there was none. */
    public LiveId newest() {
      return own.exists(LiveFeed.STREAM)
          ? id(own.xinfoStream(LiveFeed.STREAM).getLastGeneratedId())
          : LiveId.START;
    }

    /** The next events after a place; waits for them, and returns none where none came. */
    public List<LiveEvent> next(LiveId place) {
      Map<String, List<StreamEntry>> read =
          own.xreadAsMap(
              waiting, Map.of(LiveFeed.STREAM, new StreamEntryID(place.millis(), place.number())));
      if (read == null) {
        return List.of();
      }
      List<LiveEvent> events = new ArrayList<>();
      for (StreamEntry entry : read.getOrDefault(LiveFeed.STREAM, List.of())) {
        events.add(event(entry));
      }
      return events;
    }

    @Override
    public void close() {
      own.close();
    }
  }

  private static LiveEvent event(StreamEntry entry) {
    Map<String, String> fields = entry.getFields();
    return new LiveEvent(
        id(entry.getID()),
        fields.get("t"),
        fields.get("k"),
        Long.parseLong(fields.get("a")),
        fields.get("d"));
  }

  private static LiveId id(StreamEntryID id) {
    return new LiveId(id.getTime(), id.getSequence());
  }
}
