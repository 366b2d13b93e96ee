package io.kailash.platform;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * What is known about a store.
 *
 * @param store its name
 * @param reachable whether it answered when it was last asked, in time and not too long ago
 * @param trouble why it counts as unreachable; empty when it is reachable
 * @param took how long its last answer, or failure, took
 * @param age how long ago that was
 * @param details what it said about itself when it last answered
 */
public record StoreState(
    String store,
    boolean reachable,
    Optional<String> trouble,
    Duration took,
    Duration age,
    Map<String, String> details) {}
