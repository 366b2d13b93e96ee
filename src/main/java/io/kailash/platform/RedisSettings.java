package io.kailash.platform;

import java.net.URI;
import java.time.Duration;

/**
 * Where Redis is and how many connections are held. Defaults are the limits the performance targets
 * state: 5 to 100 connections, 5 s to get one, 60 s idle.
 *
 * @param url {@code redis://[user:password@]host:port[/database]}, or {@code rediss} for TLS;
 *     {@code kailash.redis.url}
 * @param minConnections {@code kailash.redis.pool.min}
 * @param maxConnections {@code kailash.redis.pool.max}
 * @param connectionTimeout longest wait for a connection, whether a free one or a new one, {@code
 *     kailash.redis.pool.timeout}
 * @param idleTimeout after which an unused connection above the minimum is closed, {@code
 *     kailash.redis.pool.idle}
 * @param commandTimeout longest wait for the answer to a command, {@code
 *     kailash.redis.command-timeout}
 */
record RedisSettings(
    URI url,
    int minConnections,
    int maxConnections,
    Duration connectionTimeout,
    Duration idleTimeout,
    Duration commandTimeout) {

  static RedisSettings read(Settings settings) {
    PoolSize size = PoolSize.read(settings, "kailash.redis.pool", 5, 100);
    return new RedisSettings(
        Addresses.read(settings, "kailash.redis.url", "redis://127.0.0.1:6379", "redis", "rediss"),
        size.min(),
        size.max(),
        settings.duration("kailash.redis.pool.timeout", Duration.ofSeconds(5)),
        settings.duration("kailash.redis.pool.idle", Duration.ofSeconds(60)),
        settings.duration("kailash.redis.command-timeout", Duration.ofSeconds(1)));
  }

  /** Without user and password, so that they cannot reach a log. */
  @Override
  public String toString() {
    return "RedisSettings["
        + Addresses.withoutUser(url)
        + ", "
        + minConnections
        + " to "
        + maxConnections
        + "]";
  }
}
