package io.kailash.access;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.kailash.platform.Json;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/**
 * Who did what, when. An entry is written in the transaction of the deed: no deed without entry.
 */
@Singleton
public class AuditLog {
  private final EntityManager entities;
  private final Clock clock;

  @Inject
  AuditLog(EntityManager entities, Clock clock) {
    this.entities = entities;
    this.clock = clock;
  }

  /**
   * Adds an entry.
   *
   * @param action what was done, {@code room.verb}
   * @param subject to what
   * @param detail what a reader would want to know; no secrets, no item texts
   */
  @Transactional(Transactional.TxType.MANDATORY)
  public void record(String actor, String action, String subject, Map<String, ?> detail) {
    AuditEntry entry = new AuditEntry();
    entry.at = clock.instant();
    entry.actor = actor;
    entry.action = action;
    entry.subject = subject;
    try {
      entry.detail = Json.MAPPER.writeValueAsString(detail);
    } catch (JsonProcessingException notJson) {
      throw new IllegalArgumentException("the detail of " + action + " is not JSON", notJson);
    }
    entities.persist(entry);
  }

  @Transactional
  List<AuditEntry> before(long id, int limit) {
    return entities
        .createQuery("from AuditEntry where id < :id order by id desc", AuditEntry.class)
        .setParameter("id", id)
        .setMaxResults(limit)
        .getResultList();
  }
}
