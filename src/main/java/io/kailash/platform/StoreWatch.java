package io.kailash.platform;

import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Knows which stores answer. Every store is asked again and again on a thread of its own, so that
 * one that hangs delays neither the others nor anybody who asks here: an answer comes from memory.
 * A store counts as down while a question has been open for longer than the time-out, and also when
 * its questioning has itself stopped for too long.
 */
public final class StoreWatch implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(StoreWatch.class.getName());

  private static final int MAX_CAUSES = 20;

  /** Where the duration of every answer and of every failure goes. */
  interface Recorder {
    void record(String store, String operation, Duration took);
  }

  private final Map<String, Watched> stores = new LinkedHashMap<>();
  private final WatchSettings settings;
  private final LongSupplier nanoTime;
  private final Recorder timings;
  private ScheduledThreadPoolExecutor threads;

  /**
   * Watches nothing until it is started.
   *
   * @param nanoTime a clock that only goes forward, in nanoseconds
   */
  StoreWatch(
      List<? extends StoreProbe> probes,
      WatchSettings settings,
      LongSupplier nanoTime,
      Recorder timings) {
    this.settings = settings;
    this.nanoTime = nanoTime;
    this.timings = timings;
    probes.forEach(probe -> stores.put(probe.store(), new Watched(probe)));
  }

  /** Starts asking; returns at once. */
  void start(ThreadFactory factory) {
    threads = new ScheduledThreadPoolExecutor(stores.size(), factory);
    stores
        .values()
        .forEach(
            watched ->
                threads.scheduleWithFixedDelay(
                    watched::ask, 0, settings.pause().toMillis(), TimeUnit.MILLISECONDS));
  }

  /** What is known about every watched store. Never waits for a store. */
  public List<StoreState> states() {
    return stores.values().stream().map(Watched::state).toList();
  }

  /** What is known about PostgreSQL, which alone holds the truth. Never waits for it. */
  public StoreState systemOfRecord() {
    return state(PostgresProbe.STORE);
  }

  /** Whether PostgreSQL answered at least once since the start. */
  public boolean systemOfRecordWasReached() {
    return stores.get(PostgresProbe.STORE).wasReached;
  }

  /** What is known about the stores that can be rebuilt from PostgreSQL. Never waits for them. */
  public List<StoreState> derived() {
    return states().stream().filter(state -> !state.store().equals(PostgresProbe.STORE)).toList();
  }

  /**
   * What is known about a store. Never waits for it.
   *
   * @throws IllegalArgumentException for a store that is not watched
   */
  public StoreState state(String store) {
    Watched watched = stores.get(store);
    if (watched == null) {
      throw new IllegalArgumentException("no store is called " + store);
    }
    return watched.state();
  }

  /** Asks every store once, in the caller's thread; for tests. */
  void askAll() {
    stores.values().forEach(Watched::ask);
  }

  @Override
  public void close() {
    if (threads != null) {
      threads.shutdownNow();
    }
    stores.values().forEach(watched -> watched.probe.close());
  }

  /** Without trouble the store answered. */
  private record Answer(
      String trouble, long tookNanos, long atNanos, Map<String, String> details) {}

  private final class Watched {
    private final StoreProbe probe;
    private volatile Answer last;
    private volatile Long openSince;
    private volatile boolean wasReached;

    Watched(StoreProbe probe) {
      this.probe = probe;
    }

    void ask() {
      long began = nanoTime.getAsLong();
      openSince = began;
      Map<String, String> details = last == null ? Map.of() : last.details();
      Exception failure = null;
      try {
        details = probe.ask();
      } catch (InterruptedException stopping) {
        Thread.currentThread().interrupt();
        return;
      } catch (Exception failed) {
        failure = failed;
      } finally {
        openSince = null;
      }
      long now = nanoTime.getAsLong();
      answered(
          new Answer(failure == null ? null : trouble(failure), now - began, now, details),
          failure);
    }

    private void answered(Answer answer, Exception failure) {
      Answer before = last;
      last = answer;
      timings.record(
          probe.store(),
          failure == null ? "ping" : "failed-ping",
          Duration.ofNanos(answer.tookNanos()));
      if (failure == null && (before == null || before.trouble() != null)) {
        wasReached = true;
        LOG.log(Level.INFO, "{0} answers", probe.store());
        try {
          probe.reached();
        } catch (RuntimeException notPrepared) {
          LOG.log(
              Level.WARNING,
              notPrepared,
              () -> "preparing for the use of " + probe.store() + " failed");
        }
      } else if (failure != null && (before == null || before.trouble() == null)) {
        // One line: the place in our code where a store was missed tells nothing.
        LOG.log(
            Level.WARNING,
            "{0} is lost: it {1} ({2}); it is asked on",
            new Object[] {probe.store(), answer.trouble(), failure.toString()});
      }
    }

    StoreState state() {
      long now = nanoTime.getAsLong();
      Long open = openSince;
      Answer answer = last;
      Duration openFor = open == null ? Duration.ZERO : Duration.ofNanos(now - open);
      if (answer == null) {
        return new StoreState(
            probe.store(),
            false,
            Optional.of(
                openFor.compareTo(settings.timeout()) > 0
                    ? silence(openFor)
                    : "has not been asked yet"),
            openFor,
            openFor,
            Map.of());
      }
      Duration age = Duration.ofNanos(now - answer.atNanos());
      String trouble = answer.trouble();
      if (openFor.compareTo(settings.timeout()) > 0) {
        trouble = silence(openFor);
      } else if (age.compareTo(settings.staleAfter()) > 0) {
        trouble = "has not been asked for " + age.toMillis() + " ms";
      }
      return new StoreState(
          probe.store(),
          trouble == null,
          Optional.ofNullable(trouble),
          Duration.ofNanos(answer.tookNanos()),
          age,
          answer.details());
    }

    private String silence(Duration openFor) {
      return "has not answered for " + openFor.toMillis() + " ms";
    }
  }

  /** What may be told to anybody: no address, no name of a class, nothing a driver put together. */
  private static String trouble(Exception failure) {
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < MAX_CAUSES; depth++) {
      if (cause instanceof StoreTrouble trouble) {
        return trouble.getMessage();
      }
      if (cause instanceof SocketTimeoutException || cause instanceof TimeoutException) {
        return "does not answer in time";
      }
      if (cause instanceof UnknownHostException) {
        return "has a host name that is not known";
      }
      if (cause instanceof ConnectException) {
        return "takes no connection";
      }
      // Clients that try several addresses of a host attach the reasons to their own failure.
      cause =
          cause.getCause() == null && cause.getSuppressed().length > 0
              ? cause.getSuppressed()[0]
              : cause.getCause();
    }
    return "does not answer";
  }
}
