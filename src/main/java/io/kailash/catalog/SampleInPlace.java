package io.kailash.catalog;

/**
 * Told at each start of a service that may begin with the sample catalog, when the sample is in the
 * tables or there is a catalog of somebody's own. Observers are called on the thread that loaded
 * the sample, and again when one of them failed.
 */
public record SampleInPlace() {}
