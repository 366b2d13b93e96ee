package io.kailash.taxonomy;

/**
 * A category as a file states it.
 *
 * @param parentCode null at the top
 */
public record CategoryRow(String code, String name, String parentCode) {}
