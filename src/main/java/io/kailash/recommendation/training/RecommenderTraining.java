package io.kailash.recommendation.training;

import io.kailash.jobs.JobFailedException;
import io.kailash.jobs.JobKind;
import io.kailash.jobs.JobRun;
import io.kailash.jobs.OwnProcess;
import io.kailash.platform.ProblemException;
import io.kailash.platform.Settings;
import io.kailash.recommendation.Interactions;
import io.kailash.recommendation.model.Interaction;
import io.kailash.recommendation.model.InteractionSource;
import io.kailash.recommendation.model.RecommenderDescription;
import io.kailash.recommendation.model.RecommenderModel;
import io.kailash.recommendation.model.RecommenderQuality;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Trains a recommender from all interactions as a background job, keeps it, and activates it unless
 * it is worse than the active one.
 */
@Singleton
class RecommenderTraining implements JobKind {
  static final String KIND = "train-recommender";
  static final String SUBJECT = "recommender";
  private static final double GATHERED = 0.05;
  private static final double TRAINED = 0.95;

  private final Interactions interactions;
  private final RecommenderRegistry registry;
  private final ActiveRecommender active;
  private final OwnProcess processes;
  private final int threads;
  private final double worseShare;

  @Inject
  RecommenderTraining(
      Interactions interactions,
      RecommenderRegistry registry,
      ActiveRecommender active,
      OwnProcess processes,
      Settings settings) {
    this.interactions = interactions;
    this.registry = registry;
    this.active = active;
    this.processes = processes;
    threads = settings.wholeNumber("kailash.recommendation.training-threads", 1, 1, 256);
    worseShare = settings.share("kailash.recommendation.worse-share", 0.1);
  }

  /** What a training job is asked to do. */
  record Order(boolean activate) {}

  /**
   * What came of it.
   *
   * @param status of the model: active, candidate or refused
   * @param why it is not active
   */
  record Outcome(String modelVersion, String status, String why, RecommenderQuality heldOut) {}

  @Override
  public String name() {
    return KIND;
  }

  /** It takes much memory. */
  @Override
  public int atOnce() {
    return 1;
  }

  @Override
  public boolean pausable() {
    return false;
  }

  @Override
  public Object run(JobRun run) {
    if (interactions.count(1) == 0) {
      throw new JobFailedException(
          "there are no interactions to learn from; send some with POST /api/v1/interactions");
    }
    run.progress("reading interactions", 0);
    Trained trained = train(run);
    StoredRecommender stored = trained.stored();
    RecommenderQuality heldOut = trained.heldOut();
    if (!run.parameters().path("activate").asBoolean(true)) {
      return new Outcome(stored.version(), stored.status(), null, heldOut);
    }
    try {
      StoredRecommender now = activate(stored, false, run.createdBy());
      return new Outcome(now.version(), now.status(), null, heldOut);
    } catch (ProblemException refused) {
      return new Outcome(
          stored.version(), StoredRecommender.REFUSED, refused.problem().detail(), heldOut);
    }
  }

  private record Trained(StoredRecommender stored, RecommenderQuality heldOut) {}

  private Trained train(JobRun run) {
    InteractionSource source =
        reader ->
            interactions.forEach(
                seen ->
                    reader.accept(
                        new Interaction(
                            seen.user(),
                            seen.sku(),
                            seen.kind(),
                            seen.value() == null ? Float.NaN : seen.value().floatValue(),
                            seen.at().toEpochMilli())));
    try {
      Path learnt = Files.createTempFile("kailash-interactions", ".rows");
      Path model = Files.createTempFile("kailash-recommender", ".model");
      try {
        RecommenderTrainingProcess.write(source, learnt);
        processes.run(
            RecommenderTrainingProcess.class,
            List.of(learnt.toString(), model.toString(), Integer.toString(threads)),
            run,
            new OwnProcess.Stretch(GATHERED, TRAINED));
        RecommenderDescription description = described(model);
        return new Trained(
            registry.store(model, description, run.createdBy()), description.heldOut());
      } finally {
        Files.deleteIfExists(learnt);
        Files.deleteIfExists(model);
      }
    } catch (IOException failure) {
      throw new IllegalStateException("the files of a training cannot be used", failure);
    }
  }

  /** Reads the whole file, so that none is kept that nobody can read. */
  private static RecommenderDescription described(Path model) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(model))) {
      return RecommenderModel.read(in).description();
    }
  }

  /** Activates a stored model, here at once. */
  StoredRecommender activate(StoredRecommender model, boolean force, String actor) {
    StoredRecommender now = registry.activate(model, worseShare, force, actor);
    active.refresh();
    return now;
  }
}
