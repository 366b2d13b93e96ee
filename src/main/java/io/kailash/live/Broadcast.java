package io.kailash.live;

import io.kailash.platform.LiveEvent;
import io.kailash.platform.LiveFeed;
import io.kailash.platform.LiveId;
import io.kailash.platform.LiveStream;
import io.kailash.platform.Settings;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.eclipse.microprofile.metrics.Metadata;
import org.eclipse.microprofile.metrics.MetricRegistry;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Hears every event once and hands it to all who want it. One thread reads the stream in Redis; the
 * newest events are kept in a bounded ring, from which those who come back are served first, and
 * from Redis where they were away for longer.
 *
 * <p>Of a listener either the reading thread has charge or one who catches up for it, never both,
 * and charge changes under the lock: so nothing is left out or handed over twice.
 */
@Singleton
class Broadcast {
  private static final Logger LOG = Logger.getLogger(Broadcast.class.getName());
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);
  private static final long PAUSE_MILLIS = 250;
  private static final long UNTIL_THERE_IS_ROOM_MILLIS = 20;
  private static final int PAGE = 500;
  private static final int CATCHERS_UP = 2;

  private final LiveStream stream;
  private final LiveFeed feed;
  private final LiveSettings settings;
  private final Clock clock;
  private final LongAdder heard = new LongAdder();

  private final ReentrantLock lock = new ReentrantLock();
  // All of these under the lock.
  private final Deque<Heard> ring = new ArrayDeque<>();
  private long ringChars;
  private LiveId floor = LiveId.START;
  private LiveId position = LiveId.START;
  private boolean begun;
  private final Set<Listener> live = new LinkedHashSet<>();
  private final Map<String, List<Listener>> audiences = new HashMap<>();
  private final Map<String, Integer> wanted = new HashMap<>();
  private final Map<Listener, Subscription> counted = new HashMap<>();

  private volatile boolean connected;
  private volatile boolean ending;
  private volatile long lagMillis;
  private ScheduledThreadPoolExecutor catchersUp;
  private Thread reader;

  @Resource ManagedThreadFactory threads;

  @Inject
  Broadcast(LiveStream stream, LiveFeed feed, Settings all, Clock clock, MetricRegistry figures) {
    this.stream = stream;
    this.feed = feed;
    this.clock = clock;
    settings = LiveSettings.read(all);
    figures.gauge(
        described("kailash_live_heard", "Events read from the live feed since the start."),
        heard::sum);
    figures.gauge(
        described(
            "kailash_live_lag_seconds",
            "Age of the event that was read last, from when it was published."),
        () -> lagMillis / 1e3);
    figures.gauge(
        described("kailash_live_connected", "1 while the live feed is read, else 0."),
        () -> connected ? 1 : 0);
  }

  private static Metadata described(String name, String description) {
    return Metadata.builder().withName(name).withDescription(description).build();
  }

  void start() {
    catchersUp = new ScheduledThreadPoolExecutor(CATCHERS_UP, threads);
    reader = threads.newThread(this::readUntilTheEnd);
    reader.setName("kailash-live");
    reader.start();
  }

  /** How long events are kept at most for those who come back. */
  Duration window() {
    return stream.window();
  }

  /** Whether events come in. */
  boolean isConnected() {
    return connected;
  }

  private void readUntilTheEnd() {
    boolean first = true;
    while (!ending) {
      try (LiveStream.Reader own = stream.open(LONGEST_WAIT)) {
        begin(own.newest());
        while (!ending) {
          List<LiveEvent> events = own.next(position());
          if (!events.isEmpty()) {
            hand(events);
          }
        }
      } catch (RuntimeException lost) {
        if (connected || first) {
          first = false;
          interrupt(lost);
        }
        pause();
      }
    }
  }

  private void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      ending = true;
    }
  }

  private LiveId position() {
    lock.lock();
    try {
      return position;
    } finally {
      lock.unlock();
    }
  }

  private void begin(LiveId newest) {
    List<Listener> told;
    lock.lock();
    try {
      if (!begun || position.isAfter(newest)) {
        // A stream whose clock went back, or the first one: there is nothing to go on from.
        ring.clear();
        ringChars = 0;
        floor = newest;
        position = newest;
        if (begun) {
          live.forEach(
              listener -> {
                listener.from(newest);
                listener.tell("gap", Map.of("reason", "Redis has lost the events"));
              });
        }
        begun = true;
      }
      told = List.copyOf(live);
    } finally {
      lock.unlock();
    }
    connected = true;
    for (Listener listener : told) {
      listener.tell("notice", Map.of("feed", "restored"));
      listener.pump();
    }
  }

  private void interrupt(RuntimeException lost) {
    LOG.log(
        Level.WARNING,
        lost instanceof JedisException ? null : lost,
        () -> "the live feed is interrupted and taken up as soon as may be: " + lost.getMessage());
    connected = false;
    List<Listener> told;
    lock.lock();
    try {
      told = List.copyOf(live);
    } finally {
      lock.unlock();
    }
    for (Listener listener : told) {
      listener.tell("notice", Map.of("feed", "interrupted"));
      listener.pump();
    }
  }

  private void hand(List<LiveEvent> events) {
    Set<Listener> touched = new LinkedHashSet<>();
    lock.lock();
    try {
      for (LiveEvent event : events) {
        Heard one = new Heard(event);
        keep(one);
        for (Listener listener : audience(one.topic())) {
          switch (listener.tell(one)) {
            case WAITS -> touched.add(listener);
            case NO_ROOM -> {
              touched.add(listener);
              fallBehind(listener);
            }
            case NOT_WANTED -> {}
          }
        }
      }
    } finally {
      lock.unlock();
    }
    heard.add(events.size());
    lagMillis = clock.millis() - events.get(events.size() - 1).atMillis();
    touched.forEach(Listener::pump);
  }

  /** From now on it gets events as it takes them. */
  private void fallBehind(Listener listener) {
    live.remove(listener);
    audiences.clear();
    later(
        new CatchUp(listener, listener.decision(), listener.position()),
        UNTIL_THERE_IS_ROOM_MILLIS);
  }

  /** Who may want events of a topic. */
  private List<Listener> audience(String topic) {
    return audiences.computeIfAbsent(
        topic,
        any ->
            any.equals(LiveFeed.GAP)
                ? List.copyOf(live)
                : live.stream()
                    .filter(listener -> listener.subscription().topics().containsKey(any))
                    .toList());
  }

  private void keep(Heard one) {
    ring.add(one);
    ringChars += one.chars();
    position = one.id();
    while (ring.size() > settings.ringEvents() || ringChars > settings.ringChars()) {
      Heard oldest = ring.poll();
      ringChars -= oldest.chars();
      floor = oldest.id();
    }
  }

  /**
   * Gives a listener what it wants from now on, or from a place on.
   *
   * @param after place of the last event it has; null where it wants what is new
   * @param acknowledge most events before it must acknowledge; 0 for any number
   * @param reply fields of the answer that are known already
   */
  void subscribe(
      Listener listener, Subscription wish, LiveId after, int acknowledge, Map<String, ?> reply) {
    Map<String, Object> answer = new LinkedHashMap<>(reply);
    answer.put("topics", wish.topics().keySet());
    answer.put("feed", connected ? "connected" : "interrupted");
    int decision;
    lock.lock();
    try {
      live.remove(listener);
      audiences.clear();
      decision = listener.adopt(wish, acknowledge);
      count(listener, wish);
      if (after == null || wish.isNothing()) {
        listener.from(position);
        if (begun) {
          answer.put("position", position.toString());
        }
        if (!wish.isNothing()) {
          live.add(listener);
          audiences.clear();
        }
      }
    } finally {
      lock.unlock();
    }
    if (after == null || wish.isNothing()) {
      listener.say("subscribed", answer);
      return;
    }
    listener.from(after);
    answer.put("position", after.toString());
    listener.say("subscribed", answer);
    later(new CatchUp(listener, decision, after), 0);
  }

  /** Who has ended hears nothing more. */
  void leave(Listener listener) {
    lock.lock();
    try {
      if (live.remove(listener)) {
        audiences.clear();
      }
      count(listener, Subscription.NOTHING);
    } finally {
      lock.unlock();
    }
  }

  private void count(Listener listener, Subscription now) {
    Subscription before = now.isNothing() ? counted.remove(listener) : counted.put(listener, now);
    if (before != null) {
      before
          .topics()
          .keySet()
          .forEach(topic -> feed.listen(topic, wanted.merge(topic, -1, Integer::sum) > 0));
    }
    now.topics()
        .keySet()
        .forEach(topic -> feed.listen(topic, wanted.merge(topic, 1, Integer::sum) > 0));
  }

  private void later(CatchUp one, long millis) {
    try {
      catchersUp.schedule(one, millis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException stopping) {
      LOG.log(Level.FINE, "stopping; nobody is served from the past any more", stopping);
    }
  }

  void stop() {
    ending = true;
    if (reader != null) {
      reader.interrupt();
    }
    if (catchersUp != null) {
      catchersUp.shutdownNow();
    }
  }

  @PreDestroy
  void end() {
    stop();
  }

  /** Brings one listener from a place to the present, page by page as it reads. */
  private final class CatchUp implements Runnable {
    private final Listener listener;
    private final int decision;
    private LiveId place;
    private long stuckSinceNanos;

    CatchUp(Listener listener, int decision, LiveId after) {
      this.listener = listener;
      this.decision = decision;
      place = after;
    }

    @Override
    public void run() {
      if (!listener.isCurrent(decision)) {
        return;
      }
      try {
        if (!listener.hasRoom()) {
          waitForRoom();
        } else if (!fromRing()) {
          fromRedis();
        }
      } catch (JedisException down) {
        LOG.log(Level.FINE, "the past is read again when Redis is back", down);
        later(this, PAUSE_MILLIS);
      } catch (RuntimeException unforeseen) {
        LOG.log(Level.SEVERE, "a listener cannot be brought up to date", unforeseen);
        listener.end(End.STOPPING);
      }
      listener.pump();
    }

    private void waitForRoom() {
      long now = System.nanoTime();
      if (stuckSinceNanos == 0) {
        stuckSinceNanos = now;
      }
      if (now - stuckSinceNanos > settings.patience().toNanos()) {
        listener.end(End.SLOW);
      } else {
        later(this, UNTIL_THERE_IS_ROOM_MILLIS);
      }
    }

    /** Returns whether nothing is to be read from Redis: done, or the ring goes on later. */
    private boolean fromRing() {
      lock.lock();
      try {
        if (!begun || floor.isAfter(place) || place.isAfter(position)) {
          return false;
        }
        stuckSinceNanos = 0;
        for (Heard event : ring) {
          if (event.id().isAfter(place)) {
            if (!listener.hasRoom() || listener.tell(event) == Listener.Taken.NO_ROOM) {
              later(this, 0);
              return true;
            }
            place = event.id();
          }
        }
        takeOver();
        return true;
      } finally {
        lock.unlock();
      }
    }

    private void takeOver() {
      if (listener.isCurrent(decision)) {
        live.add(listener);
        audiences.clear();
      }
    }

    private void fromRedis() {
      LiveId oldest = stream.oldest().orElse(null);
      List<LiveEvent> page = stream.after(place, PAGE);
      if (page.isEmpty()) {
        goOnLive(stream.newest().orElse(null));
        return;
      }
      if (oldest != null && oldest.isAfter(place)) {
        listener.tell(
            "gap",
            Map.of(
                "reason",
                "what came after the place asked for is not kept any more",
                "after",
                place.toString(),
                "from",
                oldest.toString()));
      }
      stuckSinceNanos = 0;
      for (LiveEvent event : page) {
        if (listener.tell(new Heard(event)) == Listener.Taken.NO_ROOM) {
          break;
        }
        place = event.id();
      }
      later(this, 0);
    }

    /** Redis has nothing after the place. */
    private void goOnLive(LiveId newest) {
      lock.lock();
      try {
        if (newest == null || place.isAfter(newest)) {
          listener.tell(
              "gap",
              Map.of("reason", "the place asked for is not known", "after", place.toString()));
          listener.from(position);
          takeOver();
        } else if (place.isAfter(position)) {
          // It was served by an instance that is a little ahead; what it has is left out here.
          takeOver();
        } else {
          later(this, 0);
        }
      } finally {
        lock.unlock();
      }
    }
  }
}
