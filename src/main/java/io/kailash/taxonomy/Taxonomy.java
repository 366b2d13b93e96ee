package io.kailash.taxonomy;

/**
 * A taxonomy with its active version, as it was at one moment.
 *
 * @param id key of the row other tables refer to: {@code taxonomy (id)}
 * @param code short name that stands in addresses and settings
 * @param sample whether the active version is a sample that came with the service
 * @param reviewThreshold confidence in [0, 1] below which a decision goes to review
 * @param version number of the active version, from 1
 * @param digest SHA-256 of the active version's categories in lower-case hexadecimal; the same for
 *     the same codes, names and parents, whatever their order and the file's format
 */
public record Taxonomy(
    long id,
    String code,
    String name,
    boolean sample,
    double reviewThreshold,
    int version,
    String digest,
    Categories categories) {}
