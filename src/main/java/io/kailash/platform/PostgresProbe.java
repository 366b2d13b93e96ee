package io.kailash.platform;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.flywaydb.core.Flyway;
import org.postgresql.Driver;

/**
 * Asks PostgreSQL on a connection of its own, kept open from one question to the next. Whether all
 * migrations are done is asked once per connection: another server may have taken over, or an older
 * state been restored.
 */
final class PostgresProbe implements StoreProbe {
  static final String STORE = "postgresql";
  private static final Logger LOG = Logger.getLogger(PostgresProbe.class.getName());

  private final PostgresSettings settings;
  private final Duration timeout;
  private final Runnable whenReached;
  private Connection connection;
  private Map<String, String> details = Map.of();

  /**
   * Connects when it is first asked.
   *
   * @param whenReached called when PostgreSQL was first reached and after each loss
   */
  PostgresProbe(PostgresSettings settings, Duration timeout, Runnable whenReached) {
    this.settings = settings;
    this.timeout = timeout;
    this.whenReached = whenReached;
  }

  @Override
  public void reached() {
    whenReached.run();
  }

  @Override
  public String store() {
    return STORE;
  }

  @Override
  public Map<String, String> ask() throws SQLException, StoreTrouble {
    boolean answered = false;
    try {
      if (connection == null) {
        connection = connect();
        details = lookAround();
      }
      try (Statement statement = connection.createStatement();
          ResultSet row = statement.executeQuery("select pg_is_in_recovery()")) {
        row.next();
        if (row.getBoolean(1)) {
          throw new StoreTrouble("is a standby and takes no writes");
        }
      }
      answered = true;
      return details;
    } finally {
      if (!answered) {
        close();
      }
    }
  }

  private Connection connect() throws SQLException {
    String seconds = Long.toString(Math.max(1, timeout.toSeconds()));
    Properties properties = new Properties();
    properties.setProperty("user", settings.user());
    properties.setProperty("password", settings.password());
    properties.setProperty("ApplicationName", "kailash watch");
    properties.setProperty("connectTimeout", seconds);
    properties.setProperty("loginTimeout", seconds);
    properties.setProperty("socketTimeout", seconds);
    Connection made = new Driver().connect(settings.url(), properties);
    if (made == null) {
      throw new SQLException("the driver does not know addresses of this kind");
    }
    return made;
  }

  private Map<String, String> lookAround() throws SQLException, StoreTrouble {
    int pending =
        Flyway.configure(PostgresProbe.class.getClassLoader())
            .dataSource(settings.url(), settings.user(), settings.password())
            .locations("classpath:db-migrations/postgres")
            .load()
            .info()
            .pending()
            .length;
    if (pending > 0) {
      throw new StoreTrouble("lacks " + pending + " migrations");
    }
    Map<String, String> found = new LinkedHashMap<>();
    found.put("version", connection.getMetaData().getDatabaseProductVersion());
    found.put("migrations", "done");
    return found;
  }

  @Override
  public void close() {
    if (connection != null) {
      try {
        connection.close();
      } catch (SQLException alreadyGone) {
        LOG.log(Level.FINE, "the connection could not be closed in order", alreadyGone);
      }
      connection = null;
    }
  }
}
