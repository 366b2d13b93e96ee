package io.kailash.classification;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;

/** What is known about one model; its file is kept apart. */
@Entity
@Table(name = "classifier_model")
class StoredModel {
  static final String CANDIDATE = "candidate";
  static final String ACTIVE = "active";
  static final String RETIRED = "retired";
  static final String REFUSED = "refused";

  @Id
  @GeneratedValue(strategy = GenerationType.IDENTITY)
  Long id;

  @Column(name = "taxonomy_id", nullable = false)
  long taxonomyId;

  /** 1 for the first model of a taxonomy. */
  @Column(nullable = false)
  int number;

  /** Taxonomy and number, as callers see it. */
  @Column(nullable = false)
  String version;

  @Column(nullable = false)
  String status;

  @Column(name = "taxonomy_version", nullable = false)
  int taxonomyVersion;

  @Column(name = "tree_digest", nullable = false)
  String treeDigest;

  @Column(name = "data_digest", nullable = false)
  String dataDigest;

  @Column(nullable = false)
  long examples;

  @Column(nullable = false)
  int categories;

  @Column(name = "size_bytes", nullable = false)
  long sizeBytes;

  @Column(nullable = false)
  byte[] sha256;

  @JdbcTypeCode(SqlTypes.JSON)
  @Column(nullable = false)
  String quality;

  @JdbcTypeCode(SqlTypes.JSON)
  String comparison;

  @Column(name = "trained_at", nullable = false)
  Instant trainedAt;

  @Column(name = "trained_by", nullable = false)
  String trainedBy;

  @Column(name = "activated_at")
  Instant activatedAt;

  @Column(name = "activated_by")
  String activatedBy;
}
