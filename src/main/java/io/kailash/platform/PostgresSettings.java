package io.kailash.platform;

import java.time.Duration;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * Where PostgreSQL is and how many connections are held. Defaults are the limits the performance
 * targets state: 10 to 50 connections, 30 s to get one, 300 s idle, 3600 s until one is replaced.
 *
 * @param url JDBC address, {@code kailash.postgres.url}
 * @param user {@code kailash.postgres.user}
 * @param password {@code kailash.postgres.password}
 * @param minConnections {@code kailash.postgres.pool.min}
 * @param maxConnections {@code kailash.postgres.pool.max}
 * @param connectionTimeout longest wait for a connection, {@code kailash.postgres.pool.timeout}
 * @param idleTimeout after which an unused connection above the minimum is closed, {@code
 *     kailash.postgres.pool.idle}
 * @param recycle age at which a connection is replaced, {@code kailash.postgres.pool.recycle}
 * @param leakTimeout after which a connection that was not given back is reported, {@code
 *     kailash.postgres.pool.leak}
 * @param idleInTransaction after which PostgreSQL ends a transaction in which nothing happens, so
 *     that a request or an instance that hangs does not hold up the projections for longer, {@code
 *     kailash.postgres.pool.idle-in-transaction}
 */
public record PostgresSettings(
    String url,
    String user,
    String password,
    int minConnections,
    int maxConnections,
    Duration connectionTimeout,
    Duration idleTimeout,
    Duration recycle,
    Duration leakTimeout,
    Duration idleInTransaction) {

  static PostgresSettings read() {
    Settings settings = new Settings(ConfigProvider.getConfig());
    int min = settings.wholeNumber("kailash.postgres.pool.min", 10, 0, 1000);
    int max = settings.wholeNumber("kailash.postgres.pool.max", 50, 1, 1000);
    if (min > max) {
      throw new InvalidSettingException(
          "kailash.postgres.pool.min",
          min + " is more than kailash.postgres.pool.max = " + max,
          null);
    }
    return new PostgresSettings(
        settings.text("kailash.postgres.url", "jdbc:postgresql://127.0.0.1:5432/kailash"),
        settings.text("kailash.postgres.user", "kailash"),
        settings.text("kailash.postgres.password", ""),
        min,
        max,
        settings.duration("kailash.postgres.pool.timeout", Duration.ofSeconds(30)),
        settings.duration("kailash.postgres.pool.idle", Duration.ofSeconds(300)),
        settings.duration("kailash.postgres.pool.recycle", Duration.ofSeconds(3600)),
        settings.duration("kailash.postgres.pool.leak", Duration.ofSeconds(900)),
        settings.duration("kailash.postgres.pool.idle-in-transaction", Duration.ofSeconds(60)));
  }

  /** Without the password, so that it cannot reach a log. */
  @Override
  public String toString() {
    return "PostgresSettings["
        + url
        + " as "
        + user
        + ", "
        + minConnections
        + " to "
        + maxConnections
        + "]";
  }
}
