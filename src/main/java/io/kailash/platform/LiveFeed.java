package io.kailash.platform;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.github.f4b6a3.uuid.UuidCreator;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.eclipse.microprofile.metrics.Counter;
import org.eclipse.microprofile.metrics.Metadata;
import org.eclipse.microprofile.metrics.MetricRegistry;
import org.eclipse.microprofile.metrics.Tag;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.SetParams;

/**
 * Tells everybody who listens, on whatever instance, what happens: a stream in Redis, with a bounded
 * queue before it.
 *
 * <p>It is news, not the truth: while Redis is down events wait, those beyond the queue's capacity
 * are lost, and listeners are told that something is missing. A batch is written by one script that
 * knows the writer's last number, so trying again after a broken connection doubles nothing.
 */
@Singleton
public class LiveFeed {
  /** Changes of items, after they were committed. */
  public static final String ITEMS = "items";

  /** Decisions of the classifier. */
  public static final String DECISIONS = "decisions";

  /** Status and progress of background work. */
  public static final String JOBS = "jobs";

  /** Figures of every instance, each second while somebody listens. */
  public static final String SERVICE = "service";

  /** Not to be subscribed to: everybody is told where events are missing. */
  public static final String GAP = "gap";

  static final String STREAM = "kailash:{live}:stream";
  private static final String WRITER = "kailash:{live}:writer:";
  private static final String WANTED = "kailash:{live}:wanted:";
  private static final String RUN = "kailash:{live}:run";
  private static final Logger LOG = Logger.getLogger(LiveFeed.class.getName());

  private static final String ADD =
      "if tonumber(redis.call('GET', KEYS[2]) or '0') >= tonumber(ARGV[1]) then return 0 end"
          + " for i = 3, #ARGV, 4 do redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[2], '*',"
          + " 't', ARGV[i], 'k', ARGV[i + 1], 'a', ARGV[i + 2], 'd', ARGV[i + 3]) end"
          + " redis.call('SET', KEYS[2], ARGV[1], 'EX', 3600) return 1";

  /** One of many at once notes the new Redis, and one only. */
  private static final String NOTE_RUN =
      "local known = redis.call('GET', KEYS[2]) if known == ARGV[1] then return 0 end"
          + " redis.call('SET', KEYS[2], ARGV[1])"
          + " redis.call('XADD', KEYS[1], '*', 't', ARGV[2], 'k', '', 'a', ARGV[3], 'd', ARGV[4])"
          + " return 1";

  private static final int BATCH = 500;
  private static final int BATCH_CHARS = 1 << 20;
  private static final int MAX_EVENT_CHARS = 64 * 1024;
  private static final long POLL_MILLIS = 200;
  private static final long PAUSE_MILLIS = 250;
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

  private final Redis redis;
  private final StoreWatch watch;
  private final Clock clock;
  private final Periodic periodic;
  private final LiveFeedSettings settings;
  private final BlockingQueue<Waiting> waiting;
  private final Counter written;
  private final Counter dropped;
  private final LongAdder lost = new LongAdder();
  private final Set<String> wantedHere = ConcurrentHashMap.newKeySet();
  private volatile Set<String> wanted = Set.of();
  private volatile boolean ending;
  private final String name = UuidCreator.getTimeOrderedEpochFast().toString();
  private final Writer queued = new Writer(name);
  private final Writer direct = new Writer(name + ":direct");
  private Thread thread;

  @Resource ManagedThreadFactory threads;

  private record Waiting(String topic, String key, long atMillis, Object data) {}

  /** One event for {@link #carry}; data is written as JSON. */
  public record News(String topic, String key, Object data) {}

  /** Without a container: nobody listens. */
  public LiveFeed() {
    redis = null;
    watch = null;
    clock = null;
    periodic = null;
    settings = null;
    waiting = null;
    written = null;
    dropped = null;
  }

  @Inject
  LiveFeed(
      Redis redis,
      StoreWatch watch,
      Clock clock,
      Periodic periodic,
      Settings all,
      MetricRegistry figures) {
    this.redis = redis;
    this.watch = watch;
    this.clock = clock;
    this.periodic = periodic;
    settings = LiveFeedSettings.read(all);
    waiting = new ArrayBlockingQueue<>(settings.capacity());
    Metadata events =
        described(
            "kailash_live_published",
            "Events of this instance that were written to the live feed, or dropped as too many"
                + " waited or one was too large.");
    written = figures.counter(events, new Tag("outcome", "written"));
    dropped = figures.counter(events, new Tag("outcome", "dropped"));
    figures.gauge(
        described("kailash_live_published_waiting", "Events that wait to be written."),
        waiting::size);
  }

  private static Metadata described(String name, String description) {
    return Metadata.builder().withName(name).withDescription(description).build();
  }

  /**
   * Tells of something. Never waits and never fails.
   *
   * @param key which one it is about, not null
   * @param data is written as JSON by another thread, so it must not change any more
   */
  public void publish(String topic, String key, Object data) {
    if (waiting != null && !waiting.offer(new Waiting(topic, key, clock.millis(), data))) {
      dropped.inc();
      lost.increment();
    }
  }

  /**
   * Whether somebody, on whatever instance, listens to a topic or did so within the window in which
   * one may come back. For what happens so often that it is not worth telling to nobody. Never
   * waits; a first listener on another instance is known after about a second.
   */
  public boolean wanted(String topic) {
    return wantedHere.contains(topic) || wanted.contains(topic);
  }

  /** Says whether somebody listens to a topic on this instance. */
  public void listen(String topic, boolean listening) {
    if (listening) {
      wantedHere.add(topic);
    } else {
      wantedHere.remove(topic);
    }
  }

  /**
   * Tells of several things in their order and returns when Redis has them.
   *
   * @throws JedisException where Redis cannot be reached; whether it has them is not known then
   */
  public void carry(List<News> news) {
    if (redis == null) {
      return;
    }
    synchronized (direct) {
      List<String> values = new ArrayList<>();
      int chars = 0;
      for (News one : news) {
        chars += add(values, new Waiting(one.topic(), one.key(), clock.millis(), one.data()));
        if (chars > BATCH_CHARS || values.size() >= BATCH * 4) {
          writeNow(values);
          values.clear();
          chars = 0;
        }
      }
      if (!values.isEmpty()) {
        writeNow(values);
      }
    }
  }

  private void writeNow(List<String> values) {
    try {
      direct.write(values);
    } catch (JedisException failure) {
      // The caller may come back with other events; under the same number they would be left out.
      direct.number++;
      throw failure;
    }
  }

  void start(@Observes @Initialized(ApplicationScoped.class) Object event) {
    thread = threads.newThread(this::writeUntilTheEnd);
    thread.setName("kailash-live-feed");
    thread.start();
    periodic.every(BETWEEN_LOOKS, "look for who listens to the live feed", this::look);
  }

  private void look() {
    if (!reachable()) {
      return;
    }
    for (String topic : wantedHere) {
      redis
          .client()
          .set(WANTED + topic, "1", SetParams.setParams().ex(settings.window().toSeconds() + 1));
    }
    List<String> topics = List.of(DECISIONS, SERVICE);
    List<String> found =
        redis.client().mget(topics.stream().map(topic -> WANTED + topic).toArray(String[]::new));
    Set<String> now = ConcurrentHashMap.newKeySet();
    for (int i = 0; i < topics.size(); i++) {
      if (found.get(i) != null) {
        now.add(topics.get(i));
      }
    }
    wanted = Set.copyOf(now);
  }

  private boolean reachable() {
    return watch.state(Redis.STORE).reachable();
  }

  private void writeUntilTheEnd() {
    List<String> values = new ArrayList<>();
    boolean troubled = false;
    while (!ending) {
      try {
        if (values.isEmpty()) {
          gather(values);
        }
        if (values.isEmpty()) {
          continue;
        }
        if (!reachable() && troubled) {
          Thread.sleep(PAUSE_MILLIS);
          continue;
        }
        queued.write(values);
        troubled = false;
        values.clear();
      } catch (JedisDataException refused) {
        LOG.log(Level.WARNING, "Redis refuses events of the live feed; they are lost", refused);
        dropped.inc(values.size() / 4);
        lost.add(values.size() / 4);
        values.clear();
      } catch (JedisException down) {
        // The watch of the stores tells of it; the same batch is tried again.
        LOG.log(Level.FINE, "events of the live feed wait for Redis", down);
        troubled = true;
      } catch (InterruptedException stopping) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private void gather(List<String> values) throws InterruptedException {
    Waiting first = waiting.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
    if (first == null) {
      return;
    }
    long missing = lost.sumThenReset();
    if (missing > 0) {
      add(
          values,
          new Waiting(
              GAP, "", clock.millis(), Map.of("reason", "events were lost", "lost", missing)));
    }
    int chars = 0;
    Waiting next = first;
    while (next != null) {
      chars += add(values, next);
      next = chars < BATCH_CHARS && values.size() < BATCH * 4 ? waiting.poll() : null;
    }
  }

  /** Returns how many characters it has. */
  private int add(List<String> values, Waiting event) {
    String data;
    try {
      data =
          event.data() instanceof String json ? json : Json.MAPPER.writeValueAsString(event.data());
    } catch (JsonProcessingException | RuntimeException notJson) {
      LOG.log(Level.WARNING, notJson, () -> "an event of " + event.topic() + " is not JSON");
      dropped.inc();
      return 0;
    }
    if (data.length() > MAX_EVENT_CHARS) {
      LOG.log(
          Level.WARNING,
          "an event of {0} has {1} characters; at most {2} are carried",
          new Object[] {event.topic(), data.length(), MAX_EVENT_CHARS});
      dropped.inc();
      lost.increment();
      return 0;
    }
    values.add(event.topic());
    values.add(event.key());
    values.add(Long.toString(event.atMillis()));
    values.add(data);
    return data.length();
  }

  /**
   * Notes which Redis this is, by the number of its run. Where it is another than before, something
   * may be lost that it had promised to keep, and everybody is told.
   */
  void noteRun(String run) {
    redis
        .client()
        .eval(
            NOTE_RUN,
            List.of(STREAM, RUN),
            List.of(
                run,
                GAP,
                Long.toString(clock.millis()),
                "{\"reason\":\"Redis was started anew; events may be missing\"}"));
  }

  LiveFeedSettings settings() {
    return settings;
  }

  /** Writes what waits no more; what waits is lost with this instance. */
  @PreDestroy
  void stop() {
    ending = true;
    if (thread != null) {
      thread.interrupt();
    }
  }

  /** Numbers its batches, so that Redis takes each once. Used by one thread at a time. */
  private final class Writer {
    private final String key;
    private long number = 1;

    Writer(String name) {
      key = WRITER + name;
    }

    void write(List<String> values) {
      List<String> arguments = new ArrayList<>(values.size() + 2);
      arguments.add(Long.toString(number));
      arguments.add(Integer.toString(settings.kept()));
      arguments.addAll(values);
      redis.client().eval(ADD, List.of(STREAM, key), arguments);
      number++;
      written.inc(values.size() / 4);
    }
  }
}
