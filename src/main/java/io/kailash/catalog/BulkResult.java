package io.kailash.catalog;

/**
 * What a bulk change did.
 *
 * @param written rows made or changed
 * @param unchanged rows that were like that already
 */
public record BulkResult(int written, int unchanged) {}
