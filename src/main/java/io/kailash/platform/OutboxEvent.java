package io.kailash.platform;

import java.util.Objects;

/**
 * Something has changed. Tells what, not how: who carries it on reads the state as it is by then,
 * except where the payload is all there is to know.
 *
 * @param kind of thing, for example {@code item}; the room that writes it names it
 * @param key which of that kind; events of one key are carried on in their order
 * @param version of the thing after the change; carrying on an older one after a newer changes
 *     nothing
 * @param removed whether the thing is gone
 * @param payload JSON text, or null
 */
public record OutboxEvent(String kind, String key, long version, boolean removed, String payload) {
  public OutboxEvent {
    Objects.requireNonNull(kind);
    Objects.requireNonNull(key);
  }

  /** A change after which the thing is to be read again. */
  public static OutboxEvent changed(String kind, String key, long version) {
    return new OutboxEvent(kind, key, version, false, null);
  }

  /** A removal. */
  public static OutboxEvent removed(String kind, String key, long version) {
    return new OutboxEvent(kind, key, version, true, null);
  }
}
