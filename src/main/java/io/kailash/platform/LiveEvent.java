package io.kailash.platform;

/**
 * Something that has happened, as the live feed carries it to every instance.
 *
 * @param id its place
 * @param topic what it is about, see {@link LiveFeed}
 * @param key which of that kind
 * @param atMillis when it was published, milliseconds since 1970
 * @param data JSON text
 */
public record LiveEvent(LiveId id, String topic, String key, long atMillis, String data) {}
