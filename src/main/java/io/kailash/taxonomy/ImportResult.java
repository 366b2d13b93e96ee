package io.kailash.taxonomy;

import java.util.List;

/**
 * What an import did.
 *
 * @param created false where this content is a version already; then nothing was changed
 * @param version the version with this content
 * @param activeVersion the version in use after the import
 * @param digest as in {@link Taxonomy}
 * @param categoriesPerLevel how many categories each level has, level 1 first
 * @param milliseconds from the first byte read to the commit
 */
public record ImportResult(
    String taxonomy,
    boolean created,
    int version,
    int activeVersion,
    TaxonomyFormat format,
    String digest,
    int categories,
    List<Integer> categoriesPerLevel,
    int leaves,
    long milliseconds) {}
