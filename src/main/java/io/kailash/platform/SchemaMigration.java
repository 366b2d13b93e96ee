package io.kailash.platform;

import org.flywaydb.core.Flyway;
import org.hibernate.boot.Metadata;
import org.hibernate.boot.spi.BootstrapContext;
import org.hibernate.engine.jdbc.connections.spi.ConnectionProvider;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.integrator.spi.Integrator;
import org.hibernate.service.spi.SessionFactoryServiceRegistry;

/**
 * Brings the schema up to date before Hibernate validates it: an integrator is the only place that
 * runs earlier than the validation. Flyway's own lock lets only one of several instances migrate.
 */
public final class SchemaMigration implements Integrator {
  @Override
  public void integrate(
      Metadata metadata, BootstrapContext bootstrap, SessionFactoryImplementor sessions) {
    PostgresPool pool =
        sessions
            .getServiceRegistry()
            .requireService(ConnectionProvider.class)
            .unwrap(PostgresPool.class);
    Flyway.configure(SchemaMigration.class.getClassLoader())
        .dataSource(pool.dataSource())
        .locations("classpath:db-migrations/postgres")
        .validateMigrationNaming(true)
        .failOnMissingLocations(true)
        .load()
        .migrate();
  }

  @Override
  public void disintegrate(
      SessionFactoryImplementor sessions, SessionFactoryServiceRegistry services) {
    // The pool is closed by Hibernate itself.
  }
}
