package io.kailash.platform;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.PersistenceContext;
import jakarta.persistence.PersistenceUnit;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.ConfigProvider;
import org.hibernate.engine.jdbc.connections.spi.ConnectionProvider;
import org.hibernate.engine.spi.SessionFactoryImplementor;

/**
 * Hands out what rooms construct their logic from: the data source, settings, clock, randomness.
 */
@Singleton
class Persistence {
  @PersistenceUnit(unitName = "kailash")
  EntityManagerFactory factory;

  @PersistenceContext(unitName = "kailash")
  EntityManager entities;

  /** The container's own entity manager: one persistence context per transaction. */
  @Produces
  @Singleton
  EntityManager entityManager() {
    return entities;
  }

  @Produces
  @Singleton
  PostgresPool pool() {
    return factory
        .unwrap(SessionFactoryImplementor.class)
        .getServiceRegistry()
        .requireService(ConnectionProvider.class)
        .unwrap(PostgresPool.class);
  }

  @Produces
  @Singleton
  DataSource dataSource(PostgresPool pool) {
    return pool.dataSource();
  }

  @Produces
  @Singleton
  Settings settings() {
    return new Settings(ConfigProvider.getConfig());
  }

  @Produces
  @Singleton
  Clock clock() {
    return Clock.systemUTC();
  }

  @Produces
  @Singleton
  RandomGenerator random() {
    return new SecureRandom();
  }
}
