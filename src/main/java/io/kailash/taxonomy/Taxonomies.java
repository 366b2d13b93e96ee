package io.kailash.taxonomy;

import jakarta.inject.Singleton;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/**
 * The taxonomies with their active versions, held in memory. A change made here counts at once; one
 * made by another instance within {@code kailash.taxonomy.refresh}. While the database is down, the
 * last known are served.
 */
@Singleton
public class Taxonomies {
  /** The taxonomy with its active version; from memory, never from the database. */
  public Optional<Taxonomy> find(String code) {
    return Optional.empty();
  }

  /**
   * Like {@link #find}, for a caller who cannot go on without.
   *
   * @param code null for the default: the setting {@code kailash.taxonomy.default}, or the only one
   * @throws io.kailash.platform.ProblemException 404 naming the known ones; 409 where it has no
   *     version yet; 422 where none was named and there is no default
   */
  public Taxonomy require(String code) {
    throw new UnsupportedOperationException("not yet");
  }

  /** Every taxonomy that has a version, by code. */
  public List<Taxonomy> all() {
    return List.of();
  }

  /**
   * Imports a file as the newest version and activates it, in a transaction of its own; all or
   * nothing. Content that is a version already changes nothing.
   *
   * @param actor who does it, for the audit log
   * @param code of the taxonomy, which is made where it does not exist
   * @param name of a new taxonomy; null for its code
   * @param sample whether this version is a sample
   * @param format null to guess it from the first lines
   * @param file read to its end, not closed
   * @throws io.kailash.platform.ProblemException 422 with the number of every offending line
   */
  public ImportResult importVersion(
      String actor,
      String code,
      String name,
      boolean sample,
      TaxonomyFormat format,
      InputStream file) {
    throw new UnsupportedOperationException("not yet");
  }
}
