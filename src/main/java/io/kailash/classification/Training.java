package io.kailash.classification;

import io.kailash.catalog.LabelledItems;
import io.kailash.classification.model.CategoryTree;
import io.kailash.classification.model.ClassifierModel;
import io.kailash.classification.model.Example;
import io.kailash.classification.model.ModelComparison;
import io.kailash.jobs.JobFailedException;
import io.kailash.jobs.JobKind;
import io.kailash.jobs.JobRun;
import io.kailash.jobs.OwnProcess;
import io.kailash.platform.ProblemException;
import io.kailash.taxonomy.Taxonomies;
import io.kailash.taxonomy.Taxonomy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.sql.DataSource;

/**
 * Trains a model of one taxonomy as a background job, keeps it, and activates it unless it is worse
 * than the active one. The subject of the job is the taxonomy's code.
 */
@Singleton
class Training implements JobKind {
  static final String KIND = "classifier-training";
  private static final double GATHERED = 0.05;
  private static final double TRAINED = 0.95;

  private final Taxonomies taxonomies;
  private final LabelledItems items;
  private final DataSource database;
  private final ModelRegistry registry;
  private final ActiveModels active;
  private final ClassificationSettings settings;
  private final OwnProcess processes;

  @Inject
  Training(
      Taxonomies taxonomies,
      LabelledItems items,
      DataSource database,
      ModelRegistry registry,
      ActiveModels active,
      ClassificationSettings settings,
      OwnProcess processes) {
    this.taxonomies = taxonomies;
    this.items = items;
    this.database = database;
    this.registry = registry;
    this.active = active;
    this.settings = settings;
    this.processes = processes;
  }

  /** What a training job is asked to do. */
  record Order(boolean activate) {}

  /**
   * What came of it.
   *
   * @param status of the model: active, candidate or refused
   * @param why it is not active
   */
  record Outcome(
      String modelVersion,
      String status,
      String why,
      long learnt,
      long heldOut,
      double accuracyAt1) {}

  @Override
  public String name() {
    return KIND;
  }

  /** It takes much memory. */
  @Override
  public int atOnce() {
    return 2;
  }

  @Override
  public boolean pausable() {
    return false;
  }

  @Override
  public Object run(JobRun run) {
    Taxonomy taxonomy =
        taxonomies
            .find(run.subject())
            .orElseThrow(() -> new JobFailedException("taxonomy '" + run.subject() + "' is gone"));
    run.progress("gathering labels", 0);
    try (TrainingSet labels =
        TrainingSet.gather(taxonomy.id(), items, database, settings.heldOutShare())) {
      run.progress("gathered " + labels.learntCount() + " labels", GATHERED);
      ClassifierModel trained = train(taxonomy, labels, run);
      StoredModel stored = registry.store(taxonomy, trained, run.createdBy());
      double accuracy = trained.description().heldOut().accuracyAt1();
      if (!run.parameters().path("activate").asBoolean(true)) {
        return outcome(stored, stored.status, null, labels, accuracy);
      }
      run.progress("comparing with the active model", TRAINED);
      try {
        StoredModel now = activate(stored, labels, false, run.createdBy());
        return outcome(stored, now.status, null, labels, accuracy);
      } catch (ProblemException refused) {
        return outcome(stored, StoredModel.REFUSED, refused.problem().detail(), labels, accuracy);
      }
    } catch (IOException failure) {
      throw new IllegalStateException("the files of a training cannot be used", failure);
    }
  }

  private static Outcome outcome(
      StoredModel stored, String status, String why, TrainingSet labels, double accuracy) {
    return new Outcome(
        stored.version, status, why, labels.learntCount(), labels.heldOutCount(), accuracy);
  }

  private ClassifierModel train(Taxonomy taxonomy, TrainingSet labels, JobRun run)
      throws IOException {
    Path categories = Files.createTempFile("kailash-categories", ".json");
    Path model = Files.createTempFile("kailash-classifier", ".model");
    try {
      TrainingProcess.writeCategories(
          taxonomy.categories().all().stream()
              .map(c -> new CategoryTree.Category(c.code(), c.name(), c.parentCode()))
              .toList(),
          categories);
      processes.run(
          TrainingProcess.class,
          List.of(
              categories.toString(),
              labels.learnt().toString(),
              model.toString(),
              Integer.toString(settings.trainingThreads()),
              Double.toString(settings.backOff())),
          run,
          new OwnProcess.Stretch(GATHERED, TRAINED));
      try (InputStream in = new BufferedInputStream(Files.newInputStream(model))) {
        return ClassifierModel.read(in);
      }
    } finally {
      Files.deleteIfExists(categories);
      Files.deleteIfExists(model);
    }
  }

  /** Compares a stored model with the active one on what neither learnt from, and activates it. */
  StoredModel activate(StoredModel candidate, boolean force, String actor) {
    try (TrainingSet labels =
        TrainingSet.gather(candidate.taxonomyId, items, database, settings.heldOutShare())) {
      return activate(candidate, labels, force, actor);
    } catch (IOException failure) {
      throw new IllegalStateException("cannot remove the gathered labels", failure);
    }
  }

  private StoredModel activate(
      StoredModel candidate, TrainingSet labels, boolean force, String actor) {
    Optional<StoredModel> current = registry.active(candidate.taxonomyId);
    ModelComparison comparison = null;
    if (current.isPresent()
        && !current.get().id.equals(candidate.id)
        && labels.heldOutCount() > 0) {
      // An active model that cannot be read answers nothing: any other is better.
      Optional<ClassifierModel> reference = active.loadIfReadable(current.get().id);
      if (reference.isPresent()) {
        try (Stream<Example> heldOut = labels.heldOut()) {
          comparison = ModelComparison.of(active.load(candidate.id), reference.get(), heldOut);
        }
      }
    }
    StoredModel now =
        registry.activate(
            candidate.id, current.map(m -> m.id).orElse(null), comparison, force, actor);
    active.refresh();
    return now;
  }
}
