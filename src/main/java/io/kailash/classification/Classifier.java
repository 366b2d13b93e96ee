package io.kailash.classification;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.f4b6a3.uuid.UuidCreator;
import io.kailash.catalog.CatalogSettings;
import io.kailash.classification.model.ClassifierModel;
import io.kailash.classification.model.ItemText;
import io.kailash.classification.model.Prediction;
import io.kailash.platform.ProblemException;
import io.kailash.platform.Settings;
import io.kailash.platform.TextRules;
import io.kailash.taxonomy.Taxonomies;
import io.kailash.taxonomy.Taxonomy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.eclipse.microprofile.metrics.Counter;
import org.eclipse.microprofile.metrics.Metadata;
import org.eclipse.microprofile.metrics.MetricRegistry;
import org.eclipse.microprofile.metrics.Tag;

/**
 * Classifies items: from text to an answer with a calibrated confidence. Asks no store. Safe to
 * call from several threads.
 */
@Singleton
public class Classifier {
  private static final int MAX_ALTERNATIVES = 50;
  private static final int MAX_CODE = 256;
  private static final int EVIDENCE = 12;
  private static final Metadata ANSWERS =
      Metadata.builder()
          .withName("kailash_classifications")
          .withDescription("Items classified, by where the answer came from.")
          .build();

  private final Taxonomies taxonomies;
  private final ActiveModels models;
  private final DecisionLog log;
  private final ClassificationSettings settings;
  private final CatalogSettings limits;
  private final Clock clock;
  private final Counter fromCache;
  private final Counter fromModel;
  private final Cache<Question, Prediction> cache;

  /** Hashes of questions asked before, each in the one place it can have. */
  private final int[] asked;

  @Inject
  Classifier(
      Taxonomies taxonomies,
      ActiveModels models,
      DecisionLog log,
      ClassificationSettings settings,
      Settings all,
      Clock clock,
      MetricRegistry figures) {
    this.taxonomies = taxonomies;
    this.models = models;
    this.log = log;
    this.settings = settings;
    limits = CatalogSettings.read(all);
    this.clock = clock;
    fromCache = figures.counter(ANSWERS, new Tag("from", "cache"));
    fromModel = figures.counter(ANSWERS, new Tag("from", "model"));
    cache =
        Caffeine.newBuilder()
            .maximumSize(settings.cacheEntries())
            // Handing the upkeep to another thread costs a wake-up per new title, more than itself.
            .executor(Runnable::run)
            .build();
    asked = new int[Math.max(1, Integer.highestOneBit(settings.cacheEntries()) * 2)];
  }

  /** What an answer depends on; the model's id keeps answers of different models apart. */
  private record Question(long modelId, int alternatives, ItemText text) {}

  /** An answer of {@link #classifyUnlogged}, whose decision waits to be logged. */
  public static final class Classified {
    private final ClassifyAnswer answer;
    private final Decision decision;

    private Classified(ClassifyAnswer answer, Decision decision) {
      this.answer = answer;
      this.decision = decision;
    }

    public ClassifyAnswer answer() {
      return answer;
    }
  }

  /**
   * Checks what a request holds.
   *
   * @throws ProblemException 422 with every offending field
   */
  public void check(ClassifyRequest request) {
    TextRules rules =
        new TextRules()
            .required("/title", request.title(), limits.maxTitleChars())
            .optional("/brand", request.brand(), limits.maxBrandChars())
            .optional("/description", request.description(), limits.maxDescriptionChars())
            .optional(
                "/supplier_category", request.supplierCategory(), limits.maxSupplierCategoryChars())
            .optional("/url", request.url(), limits.maxUrlChars())
            .optional("/sku", request.sku(), MAX_CODE)
            .optional("/taxonomy", request.taxonomy(), MAX_CODE);
    Integer alternatives = request.alternatives();
    if (alternatives != null && (alternatives < 1 || alternatives > MAX_ALTERNATIVES)) {
      rules.violation("/alternatives", "is not between 1 and " + MAX_ALTERNATIVES);
    }
    rules.check();
  }

  /**
   * Checks that a taxonomy can be classified into.
   *
   * @param taxonomy its code; null for the default one
   * @return its code
   * @throws ProblemException 404 where there is no such taxonomy, 409 where it has no model yet,
   *     422 where none is named and there is no default
   */
  public String requireModel(String taxonomy) {
    Taxonomy found = taxonomies.require(taxonomy);
    active(found);
    return found.code();
  }

  /**
   * Classifies a checked request and logs the decision, without waiting for anything.
   *
   * @throws ProblemException 409 where the taxonomy has no model yet
   */
  ClassifyAnswer classify(ClassifyRequest request) {
    Classified classified = classifyUnlogged(request);
    log.add(classified.decision);
    return classified.answer;
  }

  /**
   * Classifies a checked request that is one of many. Its decision is to be logged by one of the
   * following methods.
   *
   * @throws ProblemException 409 where the taxonomy has no model yet
   */
  public Classified classifyUnlogged(ClassifyRequest request) {
    Taxonomy taxonomy = taxonomies.require(request.taxonomy());
    ActiveModel active = active(taxonomy);
    ItemText text = request.text();
    int alternatives =
        request.alternatives() == null ? settings.alternatives() : request.alternatives();
    Prediction prediction = predict(active, text, alternatives);
    boolean accepted = prediction.bestLeafConfidence() >= taxonomy.reviewThreshold();
    UUID id = UuidCreator.getTimeOrderedEpochFast();
    Decision decision =
        new Decision(
            id,
            clock.instant(),
            taxonomy.id(),
            active.id(),
            prediction.category(),
            prediction.confidence(),
            prediction.bestLeaf(),
            prediction.bestLeafConfidence(),
            accepted,
            prediction.margin(),
            request.sku(),
            text);
    return new Classified(
        answer(
            id,
            taxonomy.code(),
            active,
            prediction,
            accepted,
            Boolean.TRUE.equals(request.explain()) ? text : null),
        decision);
  }

  /**
   * Logs a decision as {@code POST /classify} does; while the log is full, waits for room as long
   * as it is being written.
   */
  public void log(Classified classified) {
    log.addInTurn(classified.decision);
  }

  /** Logs decisions in the caller's transaction: they are there if and only if that commits. */
  public void log(Connection connection, List<Classified> many) throws SQLException {
    log.write(connection, many.stream().map(one -> one.decision).toList());
  }

  private ActiveModel active(Taxonomy taxonomy) {
    return models.find(taxonomy.id()).orElseThrow(() -> withoutModel(taxonomy.code()));
  }

  private Prediction predict(ActiveModel active, ItemText text, int alternatives) {
    if (settings.cacheEntries() == 0) {
      fromModel.inc();
      return active.model().classify(text, alternatives, settings.backOff());
    }
    Question question = new Question(active.id(), alternatives, text);
    boolean asked = wasAsked(question);
    Prediction known = asked ? cache.getIfPresent(question) : null;
    if (known == null) {
      fromModel.inc();
      known = active.model().classify(text, alternatives, settings.backOff());
      if (asked) {
        cache.put(question, known);
      }
    } else {
      fromCache.inc();
    }
    return known;
  }

  /**
   * Whether a question was asked not long ago; only then its answer is looked for and kept. Most
   * titles come once; to keep those costs more than the cache saves, most of all in garbage
   * collection. Threads may overwrite each other's notes: a question is then kept later, or sooner.
   */
  private boolean wasAsked(Question question) {
    int hash = question.hashCode() * 0x9E3779B9;
    int place = hash >>> 1 & asked.length - 1;
    if (asked[place] == hash) {
      return true;
    }
    asked[place] = hash;
    return false;
  }

  private static ProblemException withoutModel(String taxonomy) {
    return ProblemException.conflict(
        "no-model",
        "No model yet",
        "taxonomy '"
            + taxonomy
            + "' has no trained model; label items in at least two of its categories"
            + " (PUT /api/v1/items/{sku}/labels/"
            + taxonomy
            + "), then train with POST /api/v1/models {\"taxonomy\":\""
            + taxonomy
            + "\"}");
  }

  private static ClassifyAnswer answer(
      UUID id,
      String taxonomy,
      ActiveModel active,
      Prediction prediction,
      boolean accepted,
      ItemText toExplain) {
    CategoryNames names = active.names();
    String code = prediction.category();
    // No streams: this is the way of every request.
    List<NamedCategory.Rated> levels = new ArrayList<>(prediction.levels().size());
    for (Prediction.LevelConfidence level : prediction.levels()) {
      levels.add(names.of(level.code()).onTheWay(rounded(level.confidence())));
    }
    List<NamedCategory.Rated> alternatives = new ArrayList<>(prediction.alternatives().size());
    for (Prediction.Alternative other : prediction.alternatives()) {
      alternatives.add(names.of(other.code()).withPath(rounded(other.confidence())));
    }
    return new ClassifyAnswer(
        id,
        taxonomy,
        names.of(code),
        rounded(prediction.confidence()),
        levels,
        alternatives,
        accepted ? ClassifyAnswer.Verdict.ACCEPT : ClassifyAnswer.Verdict.REVIEW,
        !code.equals(prediction.bestLeaf()),
        active.version(),
        toExplain == null ? null : evidence(active.model(), toExplain, prediction.bestLeaf()));
  }

  private static List<ClassifyAnswer.Feature> evidence(
      ClassifierModel model, ItemText text, String category) {
    return model.explain(text, category, EVIDENCE).stream()
        .map(
            e ->
                new ClassifyAnswer.Feature(
                    e.text(), e.field().name().toLowerCase(Locale.ROOT), rounded(e.contribution())))
        .toList();
  }

  /** Four digits: more would be noise. */
  private static double rounded(double value) {
    return Math.rint(value * 1e4) / 1e4;
  }
}
