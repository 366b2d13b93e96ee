package io.kailash.live;

import io.kailash.access.ApiKeys;
import io.kailash.access.Caller;
import io.kailash.platform.ProblemException;
import io.kailash.platform.Settings;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.eclipse.microprofile.metrics.Counter;
import org.eclipse.microprofile.metrics.Metadata;
import org.eclipse.microprofile.metrics.MetricRegistry;
import org.eclipse.microprofile.metrics.Tag;

/** All who are connected to this instance, and how many may be. */
@Singleton
class Connections implements Listener.Host {
  private static final Logger LOG = Logger.getLogger(Connections.class.getName());
  private static final int CLOSERS = 4;
  private static final long SECONDS_TO_CLOSE_ALL = 3;

  private final LiveSettings settings;
  private final ApiKeys keys;
  private final Broadcast broadcast;
  private final Set<SocketListener> sockets = ConcurrentHashMap.newKeySet();
  private final Set<StreamListener> streams = ConcurrentHashMap.newKeySet();
  private final AtomicInteger socketPlaces = new AtomicInteger();
  private final AtomicInteger streamPlaces = new AtomicInteger();
  private final AtomicInteger strangers = new AtomicInteger();
  private final Map<UUID, AtomicInteger> ofClients = new ConcurrentHashMap<>();
  private final Map<End, Counter> ends = new EnumMap<>(End.class);
  private final LongAdder delivered = new LongAdder();
  private final Counter in;
  private final Counter out;
  private final Counter refused;
  private ThreadPoolExecutor closers;

  @Resource ManagedThreadFactory threads;

  @Inject
  Connections(Settings all, ApiKeys keys, Broadcast broadcast, MetricRegistry figures) {
    settings = LiveSettings.read(all);
    this.keys = keys;
    this.broadcast = broadcast;
    Metadata open = described("kailash_live_connections", "Open live connections.");
    figures.gauge(open, sockets::size, new Tag("kind", "websocket"));
    figures.gauge(open, streams::size, new Tag("kind", "stream"));
    Metadata messages = described("kailash_live_messages", "Messages over live connections.");
    in = figures.counter(messages, new Tag("direction", "in"));
    out = figures.counter(messages, new Tag("direction", "out"));
    figures.gauge(
        described("kailash_live_delivered", "Events written to listeners since the start."),
        delivered::sum);
    refused =
        figures.counter(
            described("kailash_live_refused", "Connections that were refused at the door."));
    Metadata ended =
        described("kailash_live_ended", "Live connections that have ended, by the reason.");
    for (End end : End.values()) {
      ends.put(
          end,
          figures.counter(ended, new Tag("reason", end.name().toLowerCase(java.util.Locale.ROOT))));
    }
  }

  @PostConstruct
  void begin() {
    closers =
        new ThreadPoolExecutor(
            CLOSERS, CLOSERS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads);
    closers.allowCoreThreadTimeOut(true);
  }

  private static Metadata described(String name, String description) {
    return Metadata.builder().withName(name).withDescription(description).build();
  }

  LiveSettings settings() {
    return settings;
  }

  void cameIn() {
    in.inc();
  }

  void wentOut() {
    out.inc();
  }

  @Override
  public void delivered(int events) {
    delivered.add(events);
  }

  /**
   * Looks whether one more WebSocket may come, before its handshake.
   *
   * @param caller null for one who will send the key later
   * @throws ProblemException 429 or 503
   */
  void requirePlace(Caller caller) {
    if (socketPlaces.get() >= settings.connections()) {
      throw noPlace("WebSockets", settings.connections(), "kailash.live.connections");
    }
    if (caller == null) {
      if (strangers.get() >= settings.strangers()) {
        throw noPlace("WebSockets without a key", settings.strangers(), "kailash.live.strangers");
      }
    } else if (count(caller).get() >= settings.connectionsPerClient()) {
      throw tooMany();
    }
  }

  void countRefused() {
    refused.inc();
  }

  private static ProblemException noPlace(String what, int limit, String setting) {
    return ProblemException.unavailable(
        "there are " + limit + " " + what + " already (setting " + setting + ")", 10);
  }

  private ProblemException tooMany() {
    return new ProblemException(
            429,
            "too-many-connections",
            "Too many connections",
            "this API client has "
                + settings.connectionsPerClient()
                + " live connections already (setting kailash.live.connections-per-client)",
            List.of())
        .header("Retry-After", "10");
  }

  private AtomicInteger count(Caller caller) {
    return ofClients.computeIfAbsent(caller.clientId(), id -> new AtomicInteger());
  }

  /** Takes in a WebSocket; the listener's caller may be unknown yet. */
  void add(SocketListener listener) {
    socketPlaces.incrementAndGet();
    sockets.add(listener);
    if (listener.caller() == null) {
      strangers.incrementAndGet();
    } else if (count(listener.caller()).incrementAndGet() > settings.connectionsPerClient()) {
      listener.end(End.LIMIT);
    }
  }

  /** A WebSocket has sent its key. */
  void introduced(SocketListener listener, Caller caller) {
    int held;
    synchronized (this) {
      if (!sockets.contains(listener)) {
        return;
      }
      held = count(caller).incrementAndGet();
      listener.become(caller);
      strangers.decrementAndGet();
    }
    if (held > settings.connectionsPerClient()) {
      listener.end(End.LIMIT);
    }
  }

  /**
   * Takes in a stream.
   *
   * @throws ProblemException 429 or 503
   */
  void add(StreamListener listener) {
    if (streamPlaces.incrementAndGet() > settings.streams()) {
      streamPlaces.decrementAndGet();
      throw noPlace("streams", settings.streams(), "kailash.live.streams");
    }
    if (count(listener.caller()).incrementAndGet() > settings.connectionsPerClient()) {
      streamPlaces.decrementAndGet();
      count(listener.caller()).decrementAndGet();
      throw tooMany();
    }
    streams.add(listener);
  }

  @Override
  public void ended(Listener listener, End reason) {
    ends.get(reason).inc();
    broadcast.leave(listener);
    synchronized (this) {
      if (listener instanceof SocketListener socket && sockets.remove(socket)) {
        socketPlaces.decrementAndGet();
      } else if (listener instanceof StreamListener stream && streams.remove(stream)) {
        streamPlaces.decrementAndGet();
      } else {
        return;
      }
      if (listener.caller() == null) {
        strangers.decrementAndGet();
      } else {
        count(listener.caller()).decrementAndGet();
      }
    }
  }

  /** Looks after all connections; called about each second. */
  void look() {
    long now = System.nanoTime();
    Set<UUID> valid = keys.validClients();
    sockets.forEach(socket -> look(socket, valid, now));
    streams.forEach(stream -> look(stream, valid, now));
  }

  private static void look(Listener listener, Set<UUID> valid, long now) {
    if (listener.caller() != null && !valid.contains(listener.caller().clientId())) {
      listener.end(End.REVOKED);
    } else {
      listener.look(now);
    }
  }

  /**
   * Has the wire of an ended listener closed by a thread that nobody else waits for: the server
   * waits there for locks that a write under way holds, and at times for the other side.
   */
  void close(Runnable wire) {
    try {
      closers.execute(wire);
    } catch (RejectedExecutionException stopping) {
      LOG.log(Level.FINE, "stopping; nobody else closes any more", stopping);
      wire.run();
    }
  }

  int open() {
    return sockets.size() + streams.size();
  }

  void endAll() {
    sockets.forEach(socket -> socket.end(End.STOPPING));
    streams.forEach(stream -> stream.end(End.STOPPING));
  }

  /** Closes what waits to be closed, within a set time. */
  @PreDestroy
  void stop() {
    closers.shutdown();
    try {
      if (!closers.awaitTermination(SECONDS_TO_CLOSE_ALL, TimeUnit.SECONDS)) {
        closers.shutdownNow();
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      closers.shutdownNow();
    }
  }
}
