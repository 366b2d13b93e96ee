package io.kailash.stack;

/** Where PostgreSQL is, and who the service is there. */
public record PostgresAddress(String jdbcUrl, String user, String password) {

  /** Without the password, so that it may be logged. */
  @Override
  public String toString() {
    return jdbcUrl + " as " + user;
  }
}
