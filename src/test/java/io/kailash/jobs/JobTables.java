package io.kailash.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.security.NamePrincipal;
import io.agroal.api.security.SimplePassword;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import org.postgresql.Driver;

/**
 * The tables of this room by themselves, in a schema of their own of a real PostgreSQL: the workers
 * of a service on the same database do not see the jobs in it.
 */
public final class JobTables implements AutoCloseable {
  private final String url;
  private final String user;
  private final String password;
  private final String schema;
  private final AgroalDataSource pool;

  public JobTables(String url, String user, String password, String schema)
      throws SQLException, IOException {
    this.url = url;
    this.user = user;
    this.password = password;
    this.schema = schema;
    try (Connection connection = DriverManager.getConnection(url, user, password);
        Statement statement = connection.createStatement()) {
      statement.execute("drop schema if exists " + schema + " cascade");
      statement.execute("create schema " + schema);
      statement.execute("set search_path to " + schema);
      for (String migration : new String[] {"V0004__jobs.sql", "V0009__jobs.sql"}) {
        statement.execute(Files.readString(Path.of("db-migrations/postgres", migration), UTF_8));
      }
    }
    pool =
        AgroalDataSource.from(
            new AgroalDataSourceConfigurationSupplier()
                .connectionPoolConfiguration(
                    connections ->
                        connections
                            .maxSize(30)
                            .acquisitionTimeout(Duration.ofSeconds(10))
                            .connectionFactoryConfiguration(
                                factory ->
                                    factory
                                        .connectionProviderClass(Driver.class)
                                        .jdbcUrl(url)
                                        .jdbcProperty("currentSchema", schema)
                                        .principal(new NamePrincipal(user))
                                        .credential(new SimplePassword(password)))));
  }

  public DataSource dataSource() {
    return pool;
  }

  @Override
  public void close() throws SQLException {
    pool.close();
    try (Connection connection = DriverManager.getConnection(url, user, password);
        Statement statement = connection.createStatement()) {
      statement.execute("drop schema " + schema + " cascade");
    }
  }
}
