/**
 * Taxonomies, their versions and categories, and the importers for the usual file formats.
 *
 * <p>The way through it: a file enters by {@link io.kailash.taxonomy.TaxonomiesResource} and is
 * read as a stream by {@link io.kailash.taxonomy.TaxonomyFile}, which yields the categories or
 * refuses the whole file with the number of every offending line; {@link
 * io.kailash.taxonomy.TaxonomyStore} writes them as one new version in one transaction; {@link
 * io.kailash.taxonomy.Taxonomies} holds the active versions in memory for every other room.
 *
 * <p>What must hold: a version never changes once it is written; a refused file leaves no trace; a
 * look-up of a category never touches a store.
 */
package io.kailash.taxonomy;
