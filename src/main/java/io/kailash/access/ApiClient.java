package io.kailash.access;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;

/** A program that may call, with the hash of its key. */
@Entity
@Table(name = "api_client")
class ApiClient {
  @Id UUID id;

  @Column(nullable = false)
  String name;

  @Column(nullable = false)
  String role;

  @Column(name = "key_hash", nullable = false)
  byte[] keyHash;

  /** First characters of the key, so that people can tell keys apart. */
  @Column(name = "key_hint", nullable = false)
  String keyHint;

  @Column(name = "created_at", nullable = false)
  Instant createdAt;

  @Column(name = "created_by", nullable = false)
  String createdBy;

  @Column(name = "revoked_at")
  Instant revokedAt;

  Caller caller() {
    return new Caller(id, name, Role.of(role));
  }
}
