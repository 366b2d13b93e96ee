package io.kailash.live;

import io.kailash.platform.Settings;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Settings of this room.
 *
 * @param origins of pages that may connect beside those that this service serves, as browsers send
 *     them, parted by commas, {@code kailash.live.origins}
 * @param connections most WebSockets at once, {@code kailash.live.connections}
 * @param connectionsPerClient most of one API client, WebSockets and streams together, {@code
 *     kailash.live.connections-per-client}
 * @param strangers most WebSockets that have not sent a key yet, {@code kailash.live.strangers}
 * @param streams most streams of server-sent events at once, {@code kailash.live.streams}
 * @param introduction longest time until a WebSocket must have sent its key, {@code
 *     kailash.live.introduction}
 * @param messageBytes largest message, {@code kailash.live.message-bytes}
 * @param messagesPerSecond most messages of one WebSocket, {@code kailash.live.messages-per-second}
 * @param queueChars most characters that wait for one listener; one that is further behind gets the
 *     rest at its own pace, {@code kailash.live.queue-chars}
 * @param patience with a listener who is further behind and takes nothing; then it is dropped,
 *     {@code kailash.live.patience}
 * @param unansweredChars most characters that are on the way to a WebSocket before it has answered
 *     a ping sent after them, {@code kailash.live.unanswered-chars}
 * @param ping pause between the pings of a WebSocket and the comments of a stream; one that gives
 *     no sign of life for three of them is closed, {@code kailash.live.ping}
 * @param idle after which a WebSocket without subscription and messages is closed, {@code
 *     kailash.live.idle}
 * @param ringEvents events kept in memory for those who come back, {@code kailash.live.ring.events}
 * @param ringChars most characters of them, {@code kailash.live.ring.chars}
 */
record LiveSettings(
    Set<String> origins,
    int connections,
    int connectionsPerClient,
    int strangers,
    int streams,
    Duration introduction,
    int messageBytes,
    int messagesPerSecond,
    int queueChars,
    Duration patience,
    int unansweredChars,
    Duration ping,
    Duration idle,
    int ringEvents,
    int ringChars) {

  static LiveSettings read(Settings settings) {
    String room = "kailash.live.";
    return new LiveSettings(
        Arrays.stream(settings.text(room + "origins", "").split(",", -1))
            .map(origin -> origin.strip().toLowerCase(Locale.ROOT))
            .filter(origin -> !origin.isEmpty())
            .collect(Collectors.toUnmodifiableSet()),
        settings.wholeNumber(room + "connections", 10_000, 1, 1_000_000),
        settings.wholeNumber(room + "connections-per-client", 2_500, 1, 1_000_000),
        settings.wholeNumber(room + "strangers", 1_000, 1, 1_000_000),
        settings.wholeNumber(room + "streams", 500, 1, 100_000),
        settings.duration(room + "introduction", Duration.ofSeconds(10)),
        settings.wholeNumber(room + "message-bytes", 64 << 10, 1 << 10, 120 << 10),
        settings.wholeNumber(room + "messages-per-second", 10_000, 1, 1_000_000),
        settings.wholeNumber(room + "queue-chars", 1 << 20, 64 << 10, 1 << 30),
        settings.duration(room + "patience", Duration.ofSeconds(15)),
        settings.wholeNumber(room + "unanswered-chars", 256 << 10, 16 << 10, 64 << 20),
        settings.duration(room + "ping", Duration.ofSeconds(20)),
        settings.duration(room + "idle", Duration.ofMinutes(10)),
        settings.wholeNumber(room + "ring.events", 10_000, 1, 10_000_000),
        settings.wholeNumber(room + "ring.chars", 8 << 20, 64 << 10, 1 << 30));
  }
}
