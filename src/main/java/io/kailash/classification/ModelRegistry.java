package io.kailash.classification;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.kailash.access.AuditLog;
import io.kailash.classification.model.ClassifierModel;
import io.kailash.classification.model.ModelComparison;
import io.kailash.classification.model.ModelDescription;
import io.kailash.platform.Json;
import io.kailash.platform.ProblemException;
import io.kailash.platform.Sha256;
import io.kailash.taxonomy.Taxonomy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All models ever trained, and which of them are active. Per taxonomy at most one model is active;
 * the database enforces it.
 */
@Singleton
class ModelRegistry {
  private final EntityManager entities;
  private final AuditLog audit;
  private final Clock clock;

  @Inject
  ModelRegistry(EntityManager entities, AuditLog audit, Clock clock) {
    this.entities = entities;
    this.audit = audit;
    this.clock = clock;
  }

  /** Keeps a new model as a candidate. */
  @Transactional
  StoredModel store(Taxonomy taxonomy, ClassifierModel model, String trainedBy) {
    byte[] file = bytes(model);
    ModelDescription description = model.description();
    lockTaxonomy(taxonomy.id());
    int number =
        1
            + entities
                .createQuery(
                    "select coalesce(max(number), 0) from StoredModel where taxonomyId = :t",
                    Integer.class)
                .setParameter("t", taxonomy.id())
                .getSingleResult();
    StoredModel stored = new StoredModel();
    stored.taxonomyId = taxonomy.id();
    stored.number = number;
    stored.version = taxonomy.code() + "-" + number;
    stored.status = StoredModel.CANDIDATE;
    stored.taxonomyVersion = taxonomy.version();
    stored.treeDigest = description.treeDigest();
    stored.dataDigest = description.trainingDataDigest();
    stored.examples = description.exampleCount();
    stored.categories = description.categoryCount();
    stored.sizeBytes = file.length;
    stored.sha256 = Sha256.of(file);
    stored.quality = json(description.heldOut());
    stored.trainedAt = description.trainedAt();
    stored.trainedBy = trainedBy;
    entities.persist(stored);
    entities.flush();
    entities
        .createNativeQuery(
            "insert into classifier_model_file (model_id, content) values (:id, :content)")
        .setParameter("id", stored.id)
        .setParameter("content", file)
        .executeUpdate();
    return stored;
  }

  @Transactional
  StoredModel require(String version) {
    return entities
        .createQuery("from StoredModel where version = :v", StoredModel.class)
        .setParameter("v", version)
        .getResultStream()
        .findFirst()
        .orElseThrow(() -> ProblemException.notFound("model", version));
  }

  /** Newest first. */
  @Transactional
  List<StoredModel> all(Long taxonomyId, long beforeId, int limit) {
    return entities
        .createQuery(
            "from StoredModel where id < :before and (:t is null or taxonomyId = :t) order by id desc",
            StoredModel.class)
        .setParameter("before", beforeId)
        .setParameter("t", taxonomyId)
        .setMaxResults(limit)
        .getResultList();
  }

  @Transactional
  Optional<StoredModel> active(long taxonomyId) {
    return entities
        .createQuery(
            "from StoredModel where taxonomyId = :t and status = 'active'", StoredModel.class)
        .setParameter("t", taxonomyId)
        .getResultStream()
        .findFirst();
  }

  @Transactional
  boolean hasModels(long taxonomyId) {
    return entities
            .createQuery("select count(*) from StoredModel where taxonomyId = :t", Long.class)
            .setParameter("t", taxonomyId)
            .getSingleResult()
        > 0;
  }

  /**
   * Makes a model the active one, in one step.
   *
   * @param expectedActive the model the caller compared with; another one active by now refuses
   * @param comparison with it; null where there was nothing to compare with or on
   * @param force activates a model that is worse
   * @throws ProblemException 409 where the model is worse and {@code force} is not set; the model
   *     is marked as refused
   */
  @Transactional(dontRollbackOn = ProblemException.class)
  StoredModel activate(
      long modelId, Long expectedActive, ModelComparison comparison, boolean force, String actor) {
    StoredModel model = entities.find(StoredModel.class, modelId);
    lockTaxonomy(model.taxonomyId);
    entities.refresh(model, LockModeType.PESSIMISTIC_WRITE);
    Optional<StoredModel> current = active(model.taxonomyId);
    Long currentId = current.map(m -> m.id).orElse(null);
    if (model.id.equals(currentId)) {
      return model;
    }
    if (!java.util.Objects.equals(currentId, expectedActive)) {
      throw ProblemException.conflict(
          "active-model-changed",
          "Another model was activated",
          "another model became active in the meantime; look at it and repeat");
    }
    boolean worse = comparison != null && comparison.candidateIsWorse();
    model.comparison = comparison == null ? null : json(comparison);
    if (worse && !force) {
      model.status = StoredModel.REFUSED;
      audit.record(actor, "model.refuse", model.version, detail(current, comparison, false));
      throw ProblemException.conflict(
          "worse-model",
          "Worse than the active model",
          "model "
              + model.version
              + " has "
              + percent(comparison.candidateAccuracy())
              + " right on held-out examples, the active "
              + current.map(m -> m.version).orElse("")
              + " has "
              + percent(comparison.referenceAccuracy())
              + " (n = "
              + comparison.examples()
              + "); an administrator can activate it all the same with \"force\": true");
    }
    switchTo(model, current, actor);
    audit.record(actor, "model.activate", model.version, detail(current, comparison, worse));
    return model;
  }

  /** Makes the model active that was so before the current one. */
  @Transactional
  StoredModel rollBack(long taxonomyId, String actor) {
    lockTaxonomy(taxonomyId);
    StoredModel before =
        entities
            .createQuery(
                "from StoredModel where taxonomyId = :t and status = 'retired'"
                    + " order by activatedAt desc",
                StoredModel.class)
            .setParameter("t", taxonomyId)
            .setMaxResults(1)
            .getResultStream()
            .findFirst()
            .orElseThrow(
                () ->
                    ProblemException.conflict(
                        "nothing-to-roll-back-to",
                        "Nothing to roll back to",
                        "no other model of this taxonomy was ever active"));
    Optional<StoredModel> current = active(taxonomyId);
    switchTo(before, current, actor);
    audit.record(actor, "model.roll-back", before.version, detail(current, null, false));
    return before;
  }

  private void switchTo(StoredModel model, Optional<StoredModel> current, String actor) {
    current.ifPresent(old -> old.status = StoredModel.RETIRED);
    // The old one must be gone before the new one comes: the index allows one active model.
    entities.flush();
    model.status = StoredModel.ACTIVE;
    model.activatedAt = clock.instant();
    model.activatedBy = actor;
    entities.flush();
  }

  /** Lets one training or activation of a taxonomy at a time through. */
  private void lockTaxonomy(long taxonomyId) {
    entities
        .createNativeQuery("select id from taxonomy where id = :id for no key update")
        .setParameter("id", taxonomyId)
        .getResultList();
  }

  private static Map<String, Object> detail(
      Optional<StoredModel> current, ModelComparison comparison, boolean forced) {
    Map<String, Object> detail = new LinkedHashMap<>();
    detail.put("before", current.map(m -> m.version).orElse(null));
    detail.put("comparison", comparison);
    detail.put("forced", forced);
    return detail;
  }

  private static String percent(double share) {
    return String.format(java.util.Locale.ROOT, "%.2f %%", share * 100);
  }

  private static byte[] bytes(ClassifierModel model) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      model.write(out);
    } catch (IOException impossible) {
      throw new IllegalStateException("memory cannot be written to", impossible);
    }
    return out.toByteArray();
  }

  private static String json(Object value) {
    try {
      return Json.MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException notJson) {
      throw new IllegalStateException(notJson);
    }
  }
}
