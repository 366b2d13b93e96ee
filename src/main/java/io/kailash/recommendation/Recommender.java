package io.kailash.recommendation;

import com.github.f4b6a3.uuid.UuidCreator;
import io.kailash.platform.ProblemException;
import io.kailash.platform.Settings;
import io.kailash.platform.StoreWatch;
import io.kailash.recommendation.experiments.Experiments;
import io.kailash.recommendation.model.Source;
import io.kailash.recommendation.sources.Guard;
import io.kailash.recommendation.sources.Guards;
import io.kailash.recommendation.training.ActiveRecommender;
import io.kailash.taxonomy.Category;
import io.kailash.taxonomy.Taxonomies;
import io.kailash.taxonomy.Taxonomy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.eclipse.microprofile.metrics.Counter;
import org.eclipse.microprofile.metrics.Metadata;
import org.eclipse.microprofile.metrics.MetricRegistry;
import org.eclipse.microprofile.metrics.Tag;

/**
 * Recommends within the time a caller has: reads the user's history, gathers {@link Candidates},
 * makes the {@link Choice} and says why each item is there.
 */
@Singleton
class Recommender {
  private static final Metadata MISSING =
      Metadata.builder()
          .withName("kailash_recommendations_degraded")
          .withDescription("Answers in which something was missing.")
          .build();
  private static final List<String> PARTS =
      List.of("behaviour", "graph", "history", "popular", "postgresql", "text");

  private final RecentHistory history;
  private final Candidates candidates;
  private final Choice choice;
  private final ItemCards cards;
  private final ActiveRecommender active;
  private final Experiments experiments;
  private final Taxonomies taxonomies;
  private final StoreWatch watch;
  private final ShownLog log;
  private final Clock clock;
  private final Duration budget;
  private final Guard redis;
  private final Map<String, Counter> missing = new HashMap<>();

  @Inject
  Recommender(
      RecentHistory history,
      Candidates candidates,
      Choice choice,
      ItemCards cards,
      ActiveRecommender active,
      Experiments experiments,
      Taxonomies taxonomies,
      StoreWatch watch,
      ShownLog log,
      Clock clock,
      Settings settings,
      Guards guards,
      MetricRegistry figures) {
    this.history = history;
    this.candidates = candidates;
    this.choice = choice;
    this.cards = cards;
    this.active = active;
    this.experiments = experiments;
    this.taxonomies = taxonomies;
    this.watch = watch;
    this.log = log;
    this.clock = clock;
    budget = RecommendationSettings.read(settings).budget();
    redis = guards.of("redis");
    PARTS.forEach(part -> missing.put(part, figures.counter(MISSING, new Tag("part", part))));
  }

  /**
   * Recommends.
   *
   * @param request checked
   * @param requestId decides which places go to exploration
   */
  RecommendAnswer recommend(RecommendRequest request, String requestId) {
    long deadline = System.nanoTime() + budget(request).toNanos();
    Choice.Place place = place(request);
    Optional<Experiments.Assignment> assigned =
        request.strategy() == null && request.user() != null
            ? experiments.assign(request.user())
            : Optional.empty();
    Strategy strategy =
        Strategy.find(assigned.map(Experiments.Assignment::strategy).orElse(request.strategy()))
            .orElse(Strategy.FUSED);
    Set<String> degraded = new TreeSet<>();
    if (!watch.systemOfRecord().reachable()) {
      degraded.add("postgresql");
    }
    List<InteractionSeen> past = history(request.user(), deadline, degraded);
    Optional<ActiveRecommender.Active> model = active.find();
    Candidates.Ranked ranked =
        candidates.of(
            strategy,
            place.taxonomy() != null || !request.attributes().isEmpty(),
            request.items(),
            past,
            model,
            deadline);
    degraded.addAll(ranked.missing());
    Set<String> excluded = new HashSet<>(request.exclude());
    excluded.addAll(request.items());
    past.forEach(seen -> excluded.add(seen.sku()));
    List<Candidate> shown =
        choice.choose(
            request,
            place,
            ranked.candidates(),
            excluded,
            requestId.hashCode(),
            deadline,
            degraded);
    degraded.forEach(part -> missing.get(part).inc());
    UUID id = UuidCreator.getTimeOrderedEpochFast();
    log.add(
        new ShownLog.Shown(
            id,
            clock.instant(),
            request.user(),
            strategy.text(),
            assigned.map(Experiments.Assignment::experimentId).orElse(null),
            assigned.map(Experiments.Assignment::arm).orElse(null),
            shown.stream().map(Candidate::sku).toList()));
    return new RecommendAnswer(
        id,
        request.user(),
        strategy.text(),
        assigned.map(Experiments.Assignment::experiment).orElse(null),
        assigned.map(Experiments.Assignment::arm).orElse(null),
        model.map(ActiveRecommender.Active::version).orElse(null),
        described(shown, request, past),
        List.copyOf(degraded));
  }

  private Duration budget(RecommendRequest request) {
    return request.budgetMillis() == null ? budget : Duration.ofMillis(request.budgetMillis());
  }

  private Choice.Place place(RecommendRequest request) {
    if (request.category() == null) {
      return Choice.Place.ANY;
    }
    Taxonomy taxonomy = taxonomies.require(request.taxonomy());
    Category top =
        taxonomy
            .categories()
            .find(request.category())
            .orElseThrow(
                () ->
                    ProblemException.invalid(
                        "/category",
                        "'"
                            + request.category()
                            + "' is no category of taxonomy '"
                            + taxonomy.code()
                            + "'"));
    Set<String> codes = new LinkedHashSet<>();
    List<Category> open = new ArrayList<>(List.of(top));
    while (!open.isEmpty()) {
      Category category = open.remove(open.size() - 1);
      codes.add(category.code());
      open.addAll(taxonomy.categories().children(category.code()));
    }
    return new Choice.Place(taxonomy, codes);
  }

  private List<InteractionSeen> history(String user, long deadline, Set<String> degraded) {
    if (user == null) {
      return List.of();
    }
    if (history.isThere()) {
      Optional<Optional<List<InteractionSeen>>> known =
          redis.start(() -> history.fromRedis(user)).get(Deadline.share(deadline, 3));
      if (known.isPresent() && known.get().isPresent()) {
        return known.get().get();
      }
    }
    Optional<List<InteractionSeen>> read =
        degraded.contains("postgresql")
            ? Optional.empty()
            : choice
                .postgres()
                .start(() -> history.fromTables(user))
                .get(Deadline.share(deadline, 2));
    if (read.isEmpty()) {
      degraded.add("history");
    }
    return read.orElse(List.of());
  }

  private List<RecommendAnswer.Recommended> described(
      List<Candidate> shown, RecommendRequest request, List<InteractionSeen> past) {
    Set<String> skus = new HashSet<>();
    for (Candidate candidate : shown) {
      skus.add(candidate.sku());
      if (candidate.because() != null) {
        skus.add(candidate.because());
      }
    }
    Map<String, ItemCard> known = cards.known(skus);
    Reasons reasons = new Reasons(known, taxonomies, new HashSet<>(request.items()), past);
    List<RecommendAnswer.Recommended> described = new ArrayList<>(shown.size());
    for (Candidate candidate : shown) {
      ItemCard card = known.getOrDefault(candidate.sku(), ItemCard.absent(candidate.sku()));
      described.add(
          new RecommendAnswer.Recommended(
              candidate.sku(),
              card.title(),
              card.brand(),
              reasons.places(card),
              rounded(candidate.score()),
              reasons.of(candidate, card),
              candidate.because(),
              request.explain() ? named(candidate.scores()) : null));
    }
    return described;
  }

  private static Map<String, Double> named(Map<Source, Double> scores) {
    Map<String, Double> named = new TreeMap<>();
    scores.forEach((source, score) -> named.put(Candidates.name(source), rounded(score)));
    return named;
  }

  /** Four digits: more would be noise. */
  private static double rounded(double value) {
    return Math.rint(value * 1e4) / 1e4;
  }
}
