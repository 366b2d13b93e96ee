package io.kailash.platform;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import org.postgresql.Driver;

/**
 * Connections beside the pool, for what keeps one for as long as the service runs: a lock that
 * belongs to a session, above all. The server looks after such a session itself: when the machine
 * of its holder has vanished without a word, the session and its locks end within ten seconds.
 */
@Singleton
public class OwnConnections {
  private static final String VANISHED_WITHIN_TEN_SECONDS =
      "-c tcp_keepalives_idle=3 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=2";

  private final PostgresSettings settings;

  @Inject
  OwnConnections(PostgresPool pool) {
    settings = pool.settings();
  }

  /**
   * Opens one; the caller closes it. It commits every statement by itself.
   *
   * @param name by which the server's lists show it
   * @param longestAnswer after which a statement without an answer fails and the connection is done
   */
  public Connection open(String name, Duration longestAnswer) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", settings.user());
    properties.setProperty("password", settings.password());
    properties.setProperty("ApplicationName", "kailash " + name);
    properties.setProperty("connectTimeout", "5");
    properties.setProperty("loginTimeout", "5");
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("socketTimeout", Long.toString(Math.max(1, longestAnswer.toSeconds())));
    properties.setProperty("options", VANISHED_WITHIN_TEN_SECONDS);
    Connection made = new Driver().connect(settings.url(), properties);
    if (made == null) {
      throw new SQLException("the driver does not know addresses of this kind");
    }
    return made;
  }
}
