package io.kailash.recommendation;

import io.kailash.platform.Settings;
import io.kailash.recommendation.model.ScoredItem;
import io.kailash.recommendation.sources.Gathering;
import io.kailash.recommendation.sources.Guard;
import io.kailash.recommendation.sources.Guards;
import io.kailash.taxonomy.Taxonomy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Chooses what is shown: keeps the rules, arranges what is left, and fills it up where it is short.
 */
@Singleton
class Choice {
  private static final int POOL = 60;
  private static final int KEPT_POPULAR = 200;
  private static final int QUESTIONS_AT_ONCE = 3;
  private static final int ITEMS_PER_QUESTION = 500;

  private final ItemCards cards;
  private final Popularity popularity;
  private final RecommendationSettings settings;
  private final Guard postgres;
  private final Gathering<Boolean> visibility;

  @Inject
  Choice(ItemCards cards, Popularity popularity, Settings settings, Guards guards) {
    this.cards = cards;
    this.popularity = popularity;
    this.settings = RecommendationSettings.read(settings);
    // Without it the answer is much worse, so it may take all the time there is.
    postgres = guards.of("postgresql", Duration.ofMillis(RecommendationSettings.MAX_BUDGET_MILLIS));
    visibility = new Gathering<>(postgres, QUESTIONS_AT_ONCE, ITEMS_PER_QUESTION, cards::visible);
  }

  /** Part of the catalog from which the answer may come. */
  record Place(Taxonomy taxonomy, Set<String> categories) {
    static final Place ANY = new Place(null, Set.of());

    boolean holds(ItemCard card) {
      return taxonomy == null
          || categories.contains(card.categories().getOrDefault(taxonomy.code(), ""));
    }
  }

  /** The guard of PostgreSQL. */
  Guard postgres() {
    return postgres;
  }

  /** Keeps the rules, arranges what is left, and fills it up where it is short. */
  List<Candidate> choose(
      RecommendRequest request,
      Place place,
      Ranking candidates,
      Set<String> excluded,
      long seed,
      long deadline,
      Set<String> degraded) {
    int limit = request.limit();
    List<Candidate> shown = new ArrayList<>();
    int pool = Math.max(POOL, 4 * limit);
    int next = 0;
    while (next < candidates.size() && shown.size() < limit) {
      List<Candidate> part = new ArrayList<>(pool);
      for (; next < candidates.size() && part.size() < pool; next++) {
        if (!excluded.contains(candidates.sku(next))) {
          part.add(candidates.candidate(next));
        }
      }
      shown.addAll(
          visible(
              arranged(request, place, part, limit - shown.size(), seed, deadline, degraded),
              request,
              limit - shown.size(),
              deadline,
              degraded));
    }
    if (shown.size() < limit && !degraded.contains("postgresql")) {
      Set<String> known = new HashSet<>(excluded);
      shown.forEach(candidate -> known.add(candidate.sku()));
      fill(request, place, known, limit - shown.size(), deadline, degraded).forEach(shown::add);
    }
    return shown;
  }

  private List<Candidate> arranged(
      RecommendRequest request,
      Place place,
      List<Candidate> part,
      int wanted,
      long seed,
      long deadline,
      Set<String> degraded) {
    Map<String, ItemCard> known = cards(part, deadline, degraded);
    List<Carded> matching = new ArrayList<>();
    for (Candidate candidate : part) {
      ItemCard card = known.get(candidate.sku());
      if (card != null
          && card.there()
          && (card.inStock() || !request.inStock())
          && place.holds(card)
          && card.has(request.attributes())) {
        matching.add(new Carded(candidate, card));
      }
    }
    List<Carded> order =
        Arrangement.diverse(
            matching,
            carded -> carded.candidate().score(),
            // Some may have been hidden since; and exploration takes from what comes after.
            wanted + Math.max(5, wanted / 2),
            settings.diversity(),
            (a, b) -> a.card().likeness(b.card()));
    return Arrangement.exploring(order, wanted, settings.exploration(), seed).stream()
        .map(Carded::candidate)
        .toList();
  }

  private record Carded(Candidate candidate, ItemCard card) {}

  /** Cards of all of these, read where memory is old; without PostgreSQL as memory has them. */
  private Map<String, ItemCard> cards(
      List<Candidate> candidates, long deadline, Set<String> degraded) {
    Set<String> skus = new LinkedHashSet<>();
    candidates.forEach(candidate -> skus.add(candidate.sku()));
    candidates.stream().map(Candidate::because).filter(sku -> sku != null).forEach(skus::add);
    load(cards.stale(skus), deadline, degraded);
    return cards.known(skus);
  }

  private void load(Collection<String> stale, long deadline, Set<String> degraded) {
    if (!stale.isEmpty()
        && !degraded.contains("postgresql")
        && postgres
            .start(
                () -> {
                  cards.load(stale);
                  return true;
                })
            .get(Deadline.share(deadline, 2))
            .isEmpty()) {
      degraded.add("postgresql");
    }
  }

  /** What may be shown at this moment; without PostgreSQL what memory lets through. */
  private List<Candidate> visible(
      List<Candidate> order,
      RecommendRequest request,
      int wanted,
      long deadline,
      Set<String> degraded) {
    List<String> skus = order.stream().map(Candidate::sku).toList();
    if (skus.isEmpty()) {
      return List.of();
    }
    Optional<Map<String, Boolean>> visible = Optional.empty();
    if (!degraded.contains("postgresql")) {
      visible = visibility.ask(skus).get(deadline);
      if (visible.isEmpty()) {
        degraded.add("postgresql");
      }
    }
    Optional<Map<String, Boolean>> known = visible;
    return order.stream()
        .filter(
            candidate ->
                known.isEmpty()
                    || (request.inStock()
                        ? known.get().getOrDefault(candidate.sku(), false)
                        : known.get().containsKey(candidate.sku())))
        .limit(wanted)
        .toList();
  }

  /** The newest items there are, for a system that knows nothing yet and for narrow filters. */
  private List<Candidate> fill(
      RecommendRequest request,
      Place place,
      Set<String> known,
      int wanted,
      long deadline,
      Set<String> degraded) {
    int asked = Math.min(2_000, known.size() + (request.attributes().isEmpty() ? wanted : 500));
    Optional<List<String>> newest =
        postgres
            .start(
                () ->
                    cards.newest(
                        place.taxonomy() == null ? null : place.taxonomy().id(),
                        place.categories(),
                        request.inStock(),
                        asked))
            .get(deadline);
    if (newest.isEmpty()) {
      degraded.add("postgresql");
      return List.of();
    }
    List<Candidate> fresh =
        newest.get().stream().filter(sku -> !known.contains(sku)).map(Candidate::filling).toList();
    Map<String, ItemCard> there = cards(fresh, deadline, degraded);
    return fresh.stream()
        .filter(candidate -> there.containsKey(candidate.sku()))
        .filter(candidate -> there.get(candidate.sku()).has(request.attributes()))
        .limit(wanted)
        .toList();
  }

  /** Reads the cards of what is popular, so that they are there when PostgreSQL is not. */
  void keepPopularCards() {
    List<String> popular = popularity.top(KEPT_POPULAR).stream().map(ScoredItem::item).toList();
    try {
      cards.load(cards.stale(popular));
    } catch (SQLException failure) {
      throw new IllegalStateException("cannot read the items that are popular", failure);
    }
  }
}
