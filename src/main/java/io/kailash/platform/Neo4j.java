package io.kailash.platform;

import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.ToLongFunction;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.neo4j.driver.AuthToken;
import org.neo4j.driver.AuthTokens;
import org.neo4j.driver.Config;
import org.neo4j.driver.Driver;
import org.neo4j.driver.GraphDatabase;
import org.neo4j.driver.async.AsyncSession;
import org.neo4j.driver.observation.metrics.ConnectionPoolMetrics;
import org.neo4j.driver.observation.metrics.MetricsObservationProvider;
import org.neo4j.ogm.drivers.bolt.driver.BoltDriver;
import org.neo4j.ogm.session.SessionFactory;

/**
 * The one pool of Neo4j connections. Nothing is connected before somebody asks for it or Neo4j was
 * first reached in the background, so the service starts without Neo4j as fast as with it.
 *
 * <p>The driver knows no minimum of connections. Whenever Neo4j is reached for the first time or
 * again, the minimum is opened in the background and left to the pool; the pool does not open new
 * ones in place of those it loses.
 *
 * <p>The graph is derived and can be lost at any time. A caller looks at {@link StoreWatch} first,
 * and goes on without Neo4j when it is not there or a query fails. The driver repeats no
 * transaction by itself: who calls knows whether it may run twice.
 */
@Singleton
public final class Neo4j {
  static final String STORE = "neo4j";
  private static final Logger LOG = Logger.getLogger(Neo4j.class.getName());
  private static final Duration LIFETIME = Duration.ofHours(1);
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(2);

  private final Neo4jSettings settings;
  private final MetricsObservationProvider observed = MetricsObservationProvider.newInstance();
  private final Driver driver;

  @Inject
  Neo4j(Settings all) {
    settings = Neo4jSettings.read(all);
    driver =
        GraphDatabase.driver(
            settings.url(),
            credentials(),
            config(settings.connectionTimeout(), settings.maxConnections(), 0)
                .withConnectionLivenessCheckTimeout(
                    settings.idleTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .withObservationProvider(observed)
                .build());
  }

  /** The driver, for plain Cypher. Its sessions take a connection when they first need one. */
  public Driver driver() {
    return driver;
  }

  /**
   * Maps the node and relationship classes of some packages; all session factories share the one
   * pool. A room makes its own once and keeps it.
   */
  public SessionFactory sessions(String... packages) {
    return new SessionFactory(new BoltDriver(driver), packages);
  }

  StoreProbe probe(Duration timeout) {
    return new Probe(timeout);
  }

  void show(PoolFigures figures) {
    figures
        .of(STORE)
        .limit("min", settings.minConnections())
        .limit("max", settings.maxConnections())
        .limit("connection_timeout", settings.connectionTimeout())
        .limit("idle_timeout", settings.idleTimeout())
        .limit("recycle", LIFETIME)
        .connections("active", () -> (int) sum(ConnectionPoolMetrics::inUse))
        .connections("idle", () -> (int) sum(ConnectionPoolMetrics::idle))
        .waiting(() -> (int) sum(ConnectionPoolMetrics::acquiring))
        .total("acquired", () -> sum(ConnectionPoolMetrics::acquired))
        .total("created", () -> sum(ConnectionPoolMetrics::created))
        .total("closed", () -> sum(ConnectionPoolMetrics::closed))
        .total("failed_to_create", () -> sum(ConnectionPoolMetrics::failedToCreate))
        .total("timed_out", () -> sum(ConnectionPoolMetrics::timedOutToAcquire));
  }

  private long sum(ToLongFunction<ConnectionPoolMetrics> figure) {
    return observed.metrics().connectionPoolMetrics().stream().mapToLong(figure).sum();
  }

  private AuthToken credentials() {
    return settings.password().isEmpty()
        ? AuthTokens.none()
        : AuthTokens.basic(settings.user(), settings.password());
  }

  private static Config.ConfigBuilder config(
      Duration timeout, int connections, int eventLoopThreads) {
    Config.ConfigBuilder config =
        Config.builder()
            .withMaxConnectionPoolSize(connections)
            .withConnectionAcquisitionTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
            .withConnectionTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
            .withMaxConnectionLifetime(LIFETIME.toMillis(), TimeUnit.MILLISECONDS)
            .withMaxTransactionRetryTime(0, TimeUnit.MILLISECONDS)
            .withTelemetryDisabled(true)
            .withUserAgent("kailash");
    return eventLoopThreads == 0 ? config : config.withEventLoopThreads(eventLoopThreads);
  }

  /**
   * Ends the driver, or leaves it behind: when the service stops, the server has closed the
   * application's archives before it comes here, and a driver that then needs one more class never
   * tells that it has ended.
   */
  @PreDestroy
  void close() {
    try {
      driver
          .closeAsync()
          .toCompletableFuture()
          .get(STOP_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException late) {
      LOG.log(Level.WARNING, "the driver of Neo4j is left behind, it did not end: {0}", late);
    } catch (InterruptedException hurry) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Asks by a driver of its own with one connection. A driver whose question stays open is thrown
   * away: the driver has no read time-out, and would wait for a server that vanished without a word
   * as long as the network lets it.
   */
  private final class Probe implements StoreProbe {
    private final Duration timeout;
    private Driver own;

    Probe(Duration timeout) {
      this.timeout = timeout;
    }

    @Override
    public String store() {
      return STORE;
    }

    @Override
    public Map<String, String> ask()
        throws StoreTrouble, InterruptedException, TimeoutException, ExecutionException {
      if (own == null) {
        own = GraphDatabase.driver(settings.url(), credentials(), config(timeout, 1, 1).build());
      }
      AsyncSession session = own.session(AsyncSession.class);
      try {
        long one =
            session
                .runAsync("RETURN 1 AS one")
                .thenCompose(result -> result.singleAsync())
                .thenApply(row -> row.get("one").asLong())
                .toCompletableFuture()
                .get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        if (one != 1) {
          throw new StoreTrouble("does not return 1 when asked for 1");
        }
        session.closeAsync().toCompletableFuture().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        return Map.of();
      } catch (TimeoutException silence) {
        close();
        throw silence;
      } finally {
        session.closeAsync();
      }
    }

    @Override
    public void reached() {
      List<AsyncSession> opened = new ArrayList<>();
      List<CompletableFuture<?>> transactions = new ArrayList<>();
      for (int i = 0; i < settings.minConnections(); i++) {
        AsyncSession session = driver.session(AsyncSession.class);
        opened.add(session);
        transactions.add(session.beginTransactionAsync().toCompletableFuture());
      }
      CompletableFuture.allOf(transactions.toArray(CompletableFuture<?>[]::new))
          .orTimeout(settings.connectionTimeout().toMillis(), TimeUnit.MILLISECONDS)
          .whenComplete((all, failure) -> opened.forEach(AsyncSession::closeAsync))
          .join();
    }

    @Override
    public void close() {
      if (own != null) {
        own.closeAsync();
        own = null;
      }
    }
  }
}
