package io.kailash.catalog;

import jakarta.inject.Singleton;

/** The sample that fills an empty service once, so that there is something to classify into. */
@Singleton
public class StarterCatalog {
  /** Code of the sample's taxonomy. */
  public static final String TAXONOMY = "starter";

  /** Whether this start of the service has loaded the sample, completely. */
  public boolean loaded() {
    return false;
  }
}
