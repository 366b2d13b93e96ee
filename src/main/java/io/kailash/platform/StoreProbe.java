package io.kailash.platform;

import java.util.Map;

/**
 * Asks one store whether it answers. A probe uses a connection of its own, so that it neither waits
 * behind requests nor takes one of the connections that are meant for them. It is only ever called
 * by one thread at a time.
 */
interface StoreProbe extends AutoCloseable {
  /** Name of the store in health answers and figures. */
  String store();

  /**
   * Asks, and returns what an operator would want to know about the store.
   *
   * @throws Exception when it does not answer, or answers something else than it should
   */
  Map<String, String> ask() throws Exception;

  /** Called after the store was reached for the first time and after each time it had been lost. */
  default void reached() {}

  @Override
  void close();
}
