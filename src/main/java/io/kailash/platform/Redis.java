package io.kailash.platform;

import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.util.JedisURIHelper;
import redis.clients.jedis.util.Pool;

/**
 * The one pool of Redis connections. Nothing is connected before somebody asks for it or Redis was
 * first reached in the background, so the service starts without Redis as fast as with it.
 *
 * <p>What is kept in Redis can be lost at any time. A caller looks at {@link StoreWatch} first, and
 * goes on without Redis when it is not there or a command fails.
 */
@Singleton
public final class Redis {
  static final String STORE = "redis";

  private final RedisSettings settings;
  private final RedisClient client;

  @Inject
  Redis(Settings all) {
    settings = RedisSettings.read(all);
    client =
        RedisClient.builder()
            .hostAndPort(address())
            .clientConfig(client(settings.connectionTimeout(), settings.commandTimeout()))
            .poolConfig(pool())
            .build();
  }

  /** The client; every command takes a connection from the pool and gives it back. */
  public RedisClient client() {
    return client;
  }

  /**
   * A connection beside the pool, for a command that waits long; the caller closes it.
   *
   * @param longestAnswer after which a command without an answer fails and the connection is done
   * @throws redis.clients.jedis.exceptions.JedisException where Redis is not reached
   */
  Jedis open(Duration longestAnswer) {
    Jedis made = new Jedis(address(), client(settings.connectionTimeout(), longestAnswer));
    made.connect();
    return made;
  }

  StoreProbe probe(Duration timeout) {
    return new Probe(timeout);
  }

  void show(PoolFigures figures) {
    Pool<Connection> pool = client.getPool();
    figures
        .of(STORE)
        .limit("min", settings.minConnections())
        .limit("max", settings.maxConnections())
        .limit("connection_timeout", settings.connectionTimeout())
        .limit("idle_timeout", settings.idleTimeout())
        .limit("command_timeout", settings.commandTimeout())
        .connections("active", pool::getNumActive)
        .connections("idle", pool::getNumIdle)
        .waiting(pool::getNumWaiters)
        .total("acquired", pool::getBorrowedCount)
        .total("created", pool::getCreatedCount)
        .total("closed", pool::getDestroyedCount);
  }

  private GenericObjectPoolConfig<Connection> pool() {
    GenericObjectPoolConfig<Connection> pool = new GenericObjectPoolConfig<>();
    pool.setMinIdle(settings.minConnections());
    pool.setMaxIdle(settings.maxConnections());
    pool.setMaxTotal(settings.maxConnections());
    pool.setMaxWait(settings.connectionTimeout());
    // 'Soft' keeps the minimum; the hard limit would close those too and open new ones for nothing.
    pool.setSoftMinEvictableIdleDuration(settings.idleTimeout());
    pool.setMinEvictableIdleDuration(Duration.ofMillis(-1));
    pool.setTimeBetweenEvictionRuns(settings.idleTimeout().dividedBy(4));
    pool.setNumTestsPerEvictionRun(-1);
    pool.setTestWhileIdle(true);
    pool.setJmxEnabled(false);
    return pool;
  }

  private HostAndPort address() {
    return new HostAndPort(
        settings.url().getHost(), settings.url().getPort() < 0 ? 6379 : settings.url().getPort());
  }

  private JedisClientConfig client(Duration connecting, Duration answering) {
    return DefaultJedisClientConfig.builder()
        .connectionTimeoutMillis(Math.toIntExact(connecting.toMillis()))
        .socketTimeoutMillis(Math.toIntExact(answering.toMillis()))
        .blockingSocketTimeoutMillis(Math.toIntExact(answering.toMillis()))
        .user(JedisURIHelper.getUser(settings.url()))
        .password(JedisURIHelper.getPassword(settings.url()))
        .database(JedisURIHelper.getDBIndex(settings.url()))
        .ssl(JedisURIHelper.isRedisSSLScheme(settings.url()))
        .clientName("kailash")
        .build();
  }

  @PreDestroy
  void close() {
    client.close();
  }

  private final class Probe implements StoreProbe {
    private final Duration timeout;
    private Jedis connection;

    Probe(Duration timeout) {
      this.timeout = timeout;
    }

    @Override
    public String store() {
      return STORE;
    }

    @Override
    public Map<String, String> ask() throws StoreTrouble {
      boolean answered = false;
      try {
        if (connection == null) {
          connection = new Jedis(address(), client(timeout, timeout));
        }
        String answer = connection.ping();
        if (!"PONG".equals(answer)) {
          throw new StoreTrouble("does not answer a ping with PONG");
        }
        answered = true;
        return Map.of();
      } finally {
        if (!answered) {
          close();
        }
      }
    }

    @Override
    public void reached() {
      try {
        client.getPool().preparePool();
      } catch (Exception failure) {
        throw new IllegalStateException("the minimum of connections could not be opened", failure);
      }
    }

    @Override
    public void close() {
      if (connection != null) {
        connection.close();
        connection = null;
      }
    }
  }
}
