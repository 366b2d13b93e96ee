package io.kailash.stack;

import java.net.URI;

/** Where Redis is; the URI carries the password, if there is one. */
public record RedisAddress(URI uri) {

  /** Without the password, so that it may be logged. */
  @Override
  public String toString() {
    return uri.getScheme() + "://" + uri.getHost() + ":" + uri.getPort();
  }
}
