package io.kailash.stack;

import java.net.URI;

/** Where Neo4j is, and who the service is there. */
public record Neo4jAddress(URI uri, String user, String password) {

  /** Without the password, so that it may be logged. */
  @Override
  public String toString() {
    return uri + " as " + user;
  }
}
