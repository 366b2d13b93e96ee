package io.kailash.platform;

import io.agroal.api.AgroalDataSource;
import io.agroal.api.AgroalDataSourceListener;
import io.agroal.api.AgroalDataSourceMetrics;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.exceptionsorter.PostgreSQLExceptionSorter;
import io.agroal.api.security.NamePrincipal;
import io.agroal.api.security.SimplePassword;
import io.agroal.narayana.NarayanaTransactionIntegration;
import jakarta.enterprise.inject.Vetoed;
import jakarta.transaction.TransactionManager;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.sql.DataSource;
import org.hibernate.engine.jdbc.connections.spi.ConnectionProvider;
import org.hibernate.service.UnknownUnwrapTypeException;
import org.hibernate.service.spi.Stoppable;
import org.postgresql.Driver;

/**
 * The one pool of PostgreSQL connections: Hibernate takes them from here, and so does everything
 * that speaks JDBC through {@link #dataSource()}. A connection taken inside a JTA transaction is
 * the transaction's own until it ends, whoever asks.
 *
 * <p>The pool is not the server's, because the server's cannot replace a connection by age and does
 * not show its figures where the service runs.
 */
@Vetoed
public final class PostgresPool implements ConnectionProvider, Stoppable {
  private static final long serialVersionUID = 1L;

  private final transient PostgresSettings settings;
  private final transient AgroalDataSource pool;
  private final transient TimedCommits commits;

  /** Opened by Hibernate, once for the persistence unit. */
  @SuppressWarnings("BanJNDI") // both names are constants; no input reaches the look-up
  public PostgresPool() throws SQLException, NamingException {
    settings = PostgresSettings.read();
    InitialContext names = new InitialContext();
    TransactionManager transactions =
        (TransactionManager) names.lookup("java:appserver/TransactionManager");
    TransactionSynchronizationRegistry registry =
        (TransactionSynchronizationRegistry)
            names.lookup("java:comp/TransactionSynchronizationRegistry");
    commits = new TimedCommits(new NarayanaTransactionIntegration(transactions, registry));
    pool =
        AgroalDataSource.from(
            new AgroalDataSourceConfigurationSupplier()
                .metricsEnabled(true)
                .connectionPoolConfiguration(
                    connections ->
                        connections
                            .initialSize(settings.minConnections())
                            .minSize(settings.minConnections())
                            .maxSize(settings.maxConnections())
                            .acquisitionTimeout(settings.connectionTimeout())
                            .reapTimeout(settings.idleTimeout())
                            .maxLifetime(settings.recycle())
                            .leakTimeout(settings.leakTimeout())
                            .idleValidationTimeout(Duration.ofSeconds(5))
                            .exceptionSorter(new PostgreSQLExceptionSorter())
                            .transactionIntegration(commits)
                            .connectionFactoryConfiguration(
                                factory ->
                                    factory
                                        .connectionProviderClass(Driver.class)
                                        .jdbcUrl(settings.url())
                                        .principal(new NamePrincipal(settings.user()))
                                        .credential(new SimplePassword(settings.password()))
                                        .jdbcProperty("ApplicationName", "kailash")
                                        .initialSql(first(settings.idleInTransaction()))
                                        .jdbcProperty("reWriteBatchedInserts", "true")
                                        .jdbcProperty("tcpKeepAlive", "true")
                                        .jdbcProperty("connectTimeout", "10"))),
            new AgroalDataSourceListener[0]);
  }

  /** What every connection is told first. Compiling takes longer than any query of this service. */
  static String first(Duration idleInTransaction) {
    return "set jit = off; set idle_in_transaction_session_timeout = "
        + Math.max(1, idleInTransaction.toMillis());
  }

  PostgresSettings settings() {
    return settings;
  }

  AgroalDataSource dataSource() {
    return pool;
  }

  /** Looks for connections that broke while PostgreSQL was away, before a request finds them. */
  void discardBroken() {
    pool.flush(AgroalDataSource.FlushMode.INVALID);
  }

  void time(StoreTimings timings) {
    commits.tell(took -> timings.record(PostgresProbe.STORE, "commit", took));
  }

  void show(PoolFigures figures) {
    AgroalDataSourceMetrics now = pool.getMetrics();
    figures
        .of(PostgresProbe.STORE)
        .limit("min", settings.minConnections())
        .limit("max", settings.maxConnections())
        .limit("connection_timeout", settings.connectionTimeout())
        .limit("idle_timeout", settings.idleTimeout())
        .limit("recycle", settings.recycle())
        .limit("leak_timeout", settings.leakTimeout())
        .connections("active", () -> Math.toIntExact(now.activeCount()))
        .connections("idle", () -> Math.toIntExact(now.availableCount()))
        .waiting(() -> Math.toIntExact(now.awaitingCount()))
        .total("acquired", now::acquireCount)
        .total("created", now::creationCount)
        .total("closed", now::destroyCount)
        .total("leaked", now::leakDetectionCount);
  }

  @Override
  public Connection getConnection() throws SQLException {
    return pool.getConnection();
  }

  @Override
  public void closeConnection(Connection connection) throws SQLException {
    connection.close();
  }

  /** False: inside a transaction every request for a connection is answered with the same one. */
  @Override
  public boolean supportsAggressiveRelease() {
    return false;
  }

  @Override
  public boolean isUnwrappableAs(Class<?> type) {
    return type.isAssignableFrom(PostgresPool.class) || type.isAssignableFrom(DataSource.class);
  }

  @Override
  public <T> T unwrap(Class<T> type) {
    if (type.isAssignableFrom(PostgresPool.class)) {
      return type.cast(this);
    }
    if (type.isAssignableFrom(AgroalDataSource.class)) {
      return type.cast(pool);
    }
    throw new UnknownUnwrapTypeException(type);
  }

  @Override
  public void stop() {
    pool.close();
  }
}
