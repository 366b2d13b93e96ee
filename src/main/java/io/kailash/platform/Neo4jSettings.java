package io.kailash.platform;

import java.net.URI;
import java.time.Duration;

/**
 * Where Neo4j is and how many connections are held. Defaults are the limits the performance targets
 * state: 5 to 25 connections, 15 s to get one, 180 s idle.
 *
 * @param url {@code bolt://} or {@code neo4j://}, with {@code +s} for TLS; {@code
 *     kailash.neo4j.url}
 * @param user {@code kailash.neo4j.user}
 * @param password {@code kailash.neo4j.password}; without one no credentials are sent
 * @param minConnections opened when Neo4j is first reached; the driver itself knows no minimum,
 *     {@code kailash.neo4j.pool.min}
 * @param maxConnections {@code kailash.neo4j.pool.max}
 * @param connectionTimeout longest wait for a connection, whether a free one or a new one, {@code
 *     kailash.neo4j.pool.timeout}
 * @param idleTimeout after which a connection is not trusted any more: before it is used again it
 *     is tested, and replaced where it does not answer. The driver closes none for being idle.
 *     {@code kailash.neo4j.pool.idle}
 */
record Neo4jSettings(
    URI url,
    String user,
    String password,
    int minConnections,
    int maxConnections,
    Duration connectionTimeout,
    Duration idleTimeout) {

  static Neo4jSettings read(Settings settings) {
    PoolSize size = PoolSize.read(settings, "kailash.neo4j.pool", 5, 25);
    return new Neo4jSettings(
        Addresses.read(
            settings,
            "kailash.neo4j.url",
            "bolt://127.0.0.1:7687",
            "bolt",
            "bolt+s",
            "bolt+ssc",
            "neo4j",
            "neo4j+s",
            "neo4j+ssc"),
        settings.text("kailash.neo4j.user", "neo4j"),
        settings.text("kailash.neo4j.password", ""),
        size.min(),
        size.max(),
        settings.duration("kailash.neo4j.pool.timeout", Duration.ofSeconds(15)),
        settings.duration("kailash.neo4j.pool.idle", Duration.ofSeconds(180)));
  }

  /** Without the password, so that it cannot reach a log. */
  @Override
  public String toString() {
    return "Neo4jSettings["
        + Addresses.withoutUser(url)
        + " as "
        + user
        + ", "
        + minConnections
        + " to "
        + maxConnections
        + "]";
  }
}
