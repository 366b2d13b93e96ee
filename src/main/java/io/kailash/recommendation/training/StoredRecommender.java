package io.kailash.recommendation.training;

import com.fasterxml.jackson.annotation.JsonRawValue;
import java.time.Instant;

/**
 * What is known about one model; its file is kept apart.
 *
 * @param description JSON of what it was made of
 * @param quality JSON of its figures on held-out history
 * @param whyRefused null where it was not
 */
record StoredRecommender(
    @com.fasterxml.jackson.annotation.JsonIgnore long id,
    String version,
    String status,
    long sizeBytes,
    String sha256,
    @JsonRawValue String description,
    @JsonRawValue String quality,
    String whyRefused,
    Instant trainedAt,
    String trainedBy,
    Instant activatedAt,
    String activatedBy) {
  static final String CANDIDATE = "candidate";
  static final String ACTIVE = "active";
  static final String RETIRED = "retired";
  static final String REFUSED = "refused";
}
