package io.kailash.recommendation;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.kailash.platform.ProblemException;
import io.kailash.platform.Settings;
import io.kailash.recommendation.model.Fusion;
import io.kailash.recommendation.model.Interaction;
import io.kailash.recommendation.model.Kind;
import io.kailash.recommendation.model.ScoredItem;
import io.kailash.recommendation.model.Source;
import io.kailash.recommendation.model.WeightedItem;
import io.kailash.recommendation.sources.Found;
import io.kailash.recommendation.sources.GraphSource;
import io.kailash.recommendation.sources.NeighbourSource;
import io.kailash.recommendation.sources.TextSource;
import io.kailash.recommendation.training.ActiveRecommender.Active;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.eclipse.microprofile.metrics.Counter;
import org.eclipse.microprofile.metrics.Metadata;
import org.eclipse.microprofile.metrics.MetricRegistry;
import org.eclipse.microprofile.metrics.Tag;

/**
 * Asks the sources side by side for what may be recommended and puts together what came. The same
 * question is asked once: who comes while somebody is at it waits for that answer, and for a while
 * it is kept.
 */
@Singleton
class Candidates {
  private static final Logger LOG = Logger.getLogger(Candidates.class.getName());
  private static final Metadata LISTS =
      Metadata.builder()
          .withName("kailash_recommendation_lists")
          .withDescription(
              "Candidate lists that were made, taken from memory or from Redis, shared with a request"
                  + " that was at it, or given up.")
          .build();
  private static final int PER_SOURCE = 200;
  private static final int POPULAR_WITH_FILTER = 1_000;
  private static final int FUSED = 200;

  /** What is being looked at counts more than what was. */
  private static final double HISTORY_BESIDE_ITEMS = 0.3;

  /** Where no training has found better ones. */
  private static final Map<Source, Double> UNTRAINED =
      Map.of(Source.BEHAVIOUR, 1.0, Source.GRAPH, 0.5, Source.TEXT, 0.3, Source.POPULAR, 0.1);

  private final Popularity popularity;
  private final Map<Source, NeighbourSource> stores = new EnumMap<>(Source.class);
  private final SharedResults sharedResults;
  private final Counter fromMemory;
  private final Counter fromRedis;
  private final Counter made;
  private final Counter shared;
  private final Counter givenUp;
  private final Cache<Question, Ranked> results;
  private final Map<Question, CompletableFuture<Ranked>> underWay = new ConcurrentHashMap<>();

  @Inject
  Candidates(
      Popularity popularity,
      GraphSource graph,
      TextSource text,
      SharedResults sharedResults,
      Settings settings,
      MetricRegistry figures) {
    this.popularity = popularity;
    this.sharedResults = sharedResults;
    stores.put(Source.GRAPH, graph);
    stores.put(Source.TEXT, text);
    fromMemory = figures.counter(LISTS, new Tag("from", "memory"));
    fromRedis = figures.counter(LISTS, new Tag("from", "redis"));
    made = figures.counter(LISTS, new Tag("from", "sources"));
    shared = figures.counter(LISTS, new Tag("from", "another"));
    givenUp = figures.counter(LISTS, new Tag("from", "popular"));
    RecommendationSettings own = RecommendationSettings.read(settings);
    results =
        Caffeine.newBuilder()
            .maximumWeight((long) own.cachedResults() * FUSED)
            .weigher((Question question, Ranked ranked) -> ranked.candidates().size())
            .expireAfterWrite(own.resultLifetime())
            .executor(Runnable::run)
            .build();
  }

  /**
   * What candidates depend on. A user's history is in it by the ids of its interactions, so a new
   * interaction is a new question.
   *
   * @param filtered whether only some of the catalog is wanted, so that more is needed
   */
  private record Question(
      Strategy strategy,
      String modelVersion,
      boolean filtered,
      List<String> items,
      List<Long> interactions) {

    /** Whether others are likely to ask it, too: nothing of one user is in it. */
    boolean isAskedByMany() {
      return interactions.isEmpty() && !items.isEmpty();
    }

    /** All of it; no two questions have the same. */
    String text() {
      return strategy + "\n" + modelVersion + "\n" + filtered + "\n" + String.join("\n", items);
    }
  }

  /**
   * What came.
   *
   * @param missing sources that did not answer, or not wholly
   */
  record Ranked(Ranking candidates, Set<String> missing) {}

  /**
   * Candidates for a history.
   *
   * @param items that are being looked at
   * @param past newest first
   * @param deadlineNanos of {@link System#nanoTime}, by which the whole answer must be there
   */
  Ranked of(
      Strategy strategy,
      boolean filtered,
      List<String> items,
      List<InteractionSeen> past,
      Optional<Active> model,
      long deadlineNanos) {
    Question question =
        new Question(
            strategy,
            model.map(Active::version).orElse(null),
            filtered,
            items,
            past.stream().map(InteractionSeen::id).toList());
    Ranked known = results.getIfPresent(question);
    if (known != null) {
      fromMemory.inc();
      return known;
    }
    // Half of what is left stays for the rules.
    long until = Deadline.share(deadlineNanos, 2);
    CompletableFuture<Ranked> own = new CompletableFuture<>();
    CompletableFuture<Ranked> other = underWay.putIfAbsent(question, own);
    if (other == null) {
      try {
        Ranked ranked = ofAnyInstance(question, past, model, until);
        if (ranked.missing().isEmpty()) {
          results.put(question, ranked);
        }
        own.complete(ranked);
        return ranked;
      } catch (RuntimeException failure) {
        own.completeExceptionally(failure);
        throw failure;
      } finally {
        underWay.remove(question, own);
      }
    }
    try {
      Ranked ranked = other.get(Math.max(0, until - System.nanoTime()), TimeUnit.NANOSECONDS);
      shared.inc();
      return ranked;
    } catch (TimeoutException | ExecutionException late) {
      // Whoever was at it has more time than we have, or failed: what is in memory must do.
      givenUp.inc();
      return fused(
          question,
          model,
          new EnumMap<>(Source.class),
          Map.of(),
          Set.of(Source.BEHAVIOUR, Source.GRAPH, Source.TEXT));
    } catch (InterruptedException ending) {
      Thread.currentThread().interrupt();
      throw ProblemException.unavailable("the service is ending", 5);
    }
  }

  private Ranked ofAnyInstance(
      Question question, List<InteractionSeen> past, Optional<Active> model, long until) {
    if (!question.isAskedByMany()) {
      made.inc();
      return make(question, past, model, until);
    }
    SharedResults.Look look =
        sharedResults.look(question.text(), question.items(), Deadline.share(until, 3));
    if (look.list() != null) {
      fromRedis.inc();
      return new Ranked(look.list(), Set.of());
    }
    Ranked ranked = null;
    try {
      ranked = make(question, past, model, until);
      made.inc();
      return ranked;
    } finally {
      if (look.place() != null) {
        if (ranked != null && ranked.missing().isEmpty()) {
          sharedResults.put(look.place(), ranked.candidates());
        } else {
          sharedResults.giveUp(look.place());
        }
      }
    }
  }

  /** Items have changed: what was made for them is made again. */
  void changed(Collection<String> skus) {
    results.asMap().keySet().removeIf(question -> !Collections.disjoint(question.items(), skus));
    stores.values().forEach(store -> store.changed(skus));
  }

  /** So many that it does not matter which. */
  void allChanged() {
    results.invalidateAll();
  }

  private Ranked make(
      Question question, List<InteractionSeen> past, Optional<Active> model, long until) {
    List<WeightedItem> basis = basis(question.items(), past, model);
    List<WeightedItem> strongest = new ArrayList<>(basis);
    strongest.removeIf(item -> !(item.weight() > 0));
    strongest.sort(Comparator.comparingDouble(WeightedItem::weight).reversed());
    Set<Source> wanted = question.strategy().sources();
    Map<Source, NeighbourSource.Looking> looking = new EnumMap<>(Source.class);
    if (!strongest.isEmpty()) {
      stores.forEach(
          (source, store) -> {
            if (wanted.contains(source)) {
              looking.put(source, store.around(strongest));
            }
          });
    }
    Set<Source> silent = new HashSet<>();
    Map<Source, List<ScoredItem>> lists = new EnumMap<>(Source.class);
    if (wanted.contains(Source.BEHAVIOUR) && model.isPresent() && !basis.isEmpty()) {
      // In memory and bounded, so it needs no thread of its own; but a file may hold nonsense.
      try {
        lists.put(Source.BEHAVIOUR, model.get().model().behaviour(basis, PER_SOURCE));
      } catch (RuntimeException failure) {
        LOG.log(Level.WARNING, "the behaviour model fails", failure);
        silent.add(Source.BEHAVIOUR);
      }
    }
    Map<String, Found.Why> whys = new HashMap<>();
    looking.forEach(
        (source, call) -> {
          NeighbourSource.Seen seen = call.get(until, PER_SOURCE);
          if (!seen.whole()) {
            silent.add(source);
          }
          List<ScoredItem> list = new ArrayList<>(seen.found().size());
          for (Found found : seen.found()) {
            list.add(new ScoredItem(found.sku(), found.score(), found.because()));
            if (source == Source.GRAPH) {
              whys.put(found.sku(), found.why());
            }
          }
          lists.put(source, list);
        });
    return fused(question, model, lists, whys, silent);
  }

  private Ranked fused(
      Question question,
      Optional<Active> model,
      Map<Source, List<ScoredItem>> lists,
      Map<String, Found.Why> whys,
      Set<Source> missing) {
    Set<String> names = new TreeSet<>();
    missing.stream()
        .filter(question.strategy().sources()::contains)
        .forEach(source -> names.add(name(source)));
    if (question.strategy().sources().contains(Source.POPULAR)) {
      lists.put(
          Source.POPULAR, popularity.top(question.filtered() ? POPULAR_WITH_FILTER : PER_SOURCE));
      if (!popularity.fresh()) {
        names.add(name(Source.POPULAR));
      }
    }
    Map<Source, Double> weights =
        question.strategy() == Strategy.FUSED
            ? model.map(m -> m.model().weights()).orElse(UNTRAINED)
            : Map.of(question.strategy().sources().iterator().next(), 1.0);
    return new Ranked(
        new Ranking(
            Fusion.fuse(lists, weights, question.filtered() ? POPULAR_WITH_FILTER : FUSED), whys),
        names);
  }

  /** Items that are looked at and items of the history, with what they count. */
  private static List<WeightedItem> basis(
      List<String> items, List<InteractionSeen> past, Optional<Active> model) {
    List<WeightedItem> weighted =
        model
            .map(
                m ->
                    m.model()
                        .history(
                            past.stream()
                                .map(
                                    seen ->
                                        new Interaction(
                                            seen.user(),
                                            seen.sku(),
                                            seen.kind(),
                                            seen.value() == null
                                                ? Float.NaN
                                                : seen.value().floatValue(),
                                            seen.at().toEpochMilli()))
                                .toList()))
            .orElseGet(() -> untrained(past));
    if (items.isEmpty()) {
      return weighted;
    }
    double highest = weighted.stream().mapToDouble(WeightedItem::weight).max().orElse(0);
    Set<String> looked = new HashSet<>(items);
    List<WeightedItem> both = new ArrayList<>();
    looked.forEach(sku -> both.add(new WeightedItem(sku, 1)));
    both.sort(Comparator.comparing(WeightedItem::item));
    for (WeightedItem item : weighted) {
      if (!looked.contains(item.item())) {
        both.add(
            highest > 0
                ? new WeightedItem(item.item(), HISTORY_BESIDE_ITEMS * item.weight() / highest)
                : item);
      }
    }
    return both;
  }

  /** The later and the more deliberate, the more it counts. */
  static List<WeightedItem> untrained(List<InteractionSeen> newestFirst) {
    Map<String, Double> weights = new LinkedHashMap<>();
    Set<String> dismissed = new HashSet<>();
    int rank = 0;
    for (InteractionSeen seen : newestFirst) {
      double weight = Popularity.weight(seen.kind(), seen.value()) * 10 / (10.0 + rank++);
      weights.merge(seen.sku(), weight, Math::max);
      if (seen.kind() == Kind.DISMISSAL) {
        dismissed.add(seen.sku());
      }
    }
    return weights.entrySet().stream()
        .map(e -> new WeightedItem(e.getKey(), dismissed.contains(e.getKey()) ? 0 : e.getValue()))
        .toList();
  }

  /** As answers and figures write it. */
  static String name(Source source) {
    return source.name().toLowerCase(Locale.ROOT);
  }
}
