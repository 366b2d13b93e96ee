package io.kailash.recommendation;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.f4b6a3.uuid.UuidCreator;
import io.kailash.platform.ProblemException;
import io.kailash.platform.Settings;
import io.kailash.platform.StoreWatch;
import io.kailash.recommendation.experiments.Experiments;
import io.kailash.recommendation.model.Fusion;
import io.kailash.recommendation.model.Interaction;
import io.kailash.recommendation.model.Kind;
import io.kailash.recommendation.model.ScoredItem;
import io.kailash.recommendation.model.Source;
import io.kailash.recommendation.model.WeightedItem;
import io.kailash.recommendation.sources.Breaker;
import io.kailash.recommendation.sources.Found;
import io.kailash.recommendation.sources.Gathering;
import io.kailash.recommendation.sources.GraphSource;
import io.kailash.recommendation.sources.Guard;
import io.kailash.recommendation.sources.TextSource;
import io.kailash.recommendation.training.ActiveRecommender;
import io.kailash.taxonomy.Category;
import io.kailash.taxonomy.Taxonomies;
import io.kailash.taxonomy.Taxonomy;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
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
 * Recommends: asks its sources side by side within the time a caller has, puts together what came,
 * keeps the rules, and says why each item is there.
 */
@Singleton
class Recommender {
  private static final Logger LOG = Logger.getLogger(Recommender.class.getName());
  private static final Metadata LISTS =
      Metadata.builder()
          .withName("kailash_recommendation_lists")
          .withDescription(
              "Candidate lists that were made, taken from memory, shared with a request that was at"
                  + " it, or given up.")
          .build();
  private static final Metadata MISSING =
      Metadata.builder()
          .withName("kailash_recommendations_degraded")
          .withDescription("Answers in which something was missing.")
          .build();
  private static final Metadata BREAKER =
      Metadata.builder()
          .withName("kailash_recommendation_breaker_open")
          .withDescription("1 while the breaker keeps questions back.")
          .build();
  private static final List<String> PARTS =
      List.of("behaviour", "graph", "history", "popular", "postgresql", "text");
  private static final Duration PAUSE_OF_A_BREAKER = Duration.ofSeconds(2);
  private static final int PER_SOURCE = 200;
  private static final int POPULAR_WITH_FILTER = 1_000;
  private static final int FUSED = 400;
  private static final int POOL = 60;

  /** What is being looked at counts more than what was. */
  private static final double HISTORY_BESIDE_ITEMS = 0.3;

  /** Where no training has found better ones. */
  private static final Map<Source, Double> UNTRAINED =
      Map.of(Source.BEHAVIOUR, 1.0, Source.GRAPH, 0.5, Source.TEXT, 0.3, Source.POPULAR, 0.1);

  private final RecentHistory history;
  private final Popularity popularity;
  private final ItemCards cards;
  private final ActiveRecommender active;
  private final Experiments experiments;
  private final GraphSource graph;
  private final TextSource text;
  private final Taxonomies taxonomies;
  private final StoreWatch watch;
  private final ShownLog log;
  private final Clock clock;
  private final RecommendationSettings settings;
  private final MetricRegistry figures;
  private final Counter fromMemory;
  private final Counter made;
  private final Counter shared;
  private final Counter givenUp;
  private final Map<String, Counter> missing = new HashMap<>();
  private final Cache<Question, Ranked> results;
  private final Map<Question, CompletableFuture<Ranked>> underWay = new ConcurrentHashMap<>();
  private Guard redisGuard;
  private Guard postgresGuard;
  private Guard graphGuard;
  private Guard textGuard;
  private Gathering<Boolean> visibility;

  @Resource ManagedThreadFactory threads;

  @Inject
  Recommender(
      RecentHistory history,
      Popularity popularity,
      ItemCards cards,
      ActiveRecommender active,
      Experiments experiments,
      GraphSource graph,
      TextSource text,
      Taxonomies taxonomies,
      StoreWatch watch,
      ShownLog log,
      Clock clock,
      Settings settings,
      MetricRegistry figures) {
    this.history = history;
    this.popularity = popularity;
    this.cards = cards;
    this.active = active;
    this.experiments = experiments;
    this.graph = graph;
    this.text = text;
    this.taxonomies = taxonomies;
    this.watch = watch;
    this.log = log;
    this.clock = clock;
    this.settings = RecommendationSettings.read(settings);
    this.figures = figures;
    fromMemory = figures.counter(LISTS, new Tag("from", "memory"));
    made = figures.counter(LISTS, new Tag("from", "sources"));
    shared = figures.counter(LISTS, new Tag("from", "another"));
    givenUp = figures.counter(LISTS, new Tag("from", "popular"));
    PARTS.forEach(part -> missing.put(part, figures.counter(MISSING, new Tag("part", part))));
    results =
        Caffeine.newBuilder()
            .maximumSize(this.settings.cachedResults())
            .expireAfterWrite(this.settings.resultLifetime())
            .executor(Runnable::run)
            .build();
  }

  @PostConstruct
  void open() {
    redisGuard = guard("redis", settings.sourceTimeout());
    // Without it the answer is much worse, so it may take all the time there is.
    postgresGuard =
        guard("postgresql", Duration.ofMillis(RecommendationSettings.MAX_BUDGET_MILLIS));
    graphGuard = guard("graph", settings.sourceTimeout());
    textGuard = guard("text", settings.sourceTimeout());
    visibility = new Gathering<>(postgresGuard, cards::visible);
  }

  private Guard guard(String name, Duration timeout) {
    Guard guard =
        new Guard(
            name,
            settings.sourceThreads(),
            timeout,
            new Breaker(PAUSE_OF_A_BREAKER, System::nanoTime),
            threads);
    figures.gauge(BREAKER, () -> guard.isOpen() ? 1 : 0, new Tag("part", name));
    return guard;
  }

  @PreDestroy
  void close() {
    List.of(redisGuard, postgresGuard, graphGuard, textGuard).forEach(Guard::close);
  }

  /**
   * What the candidates depend on. A user's history is in it by the ids of its interactions, so a
   * new interaction is a new question.
   */
  private record Question(
      Strategy strategy,
      String modelVersion,
      boolean filtered,
      List<String> items,
      List<Long> interactions) {}

  /**
   * @param missing sources that did not answer
   */
  private record Ranked(List<Candidate> candidates, Set<String> missing) {}

  /** Where the answer may come from, resolved once. */
  private record Place(Taxonomy taxonomy, Set<String> categories) {
    boolean holds(ItemCard card) {
      return taxonomy == null
          || categories.contains(card.categories().getOrDefault(taxonomy.code(), ""));
    }
  }

  /**
   * Recommends.
   *
   * @param request checked
   * @param requestId decides which places go to exploration
   */
  RecommendAnswer recommend(RecommendRequest request, String requestId) {
    long deadline = System.nanoTime() + budget(request).toNanos();
    Place place = place(request);
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
    Ranked ranked =
        ranked(
            new Question(
                strategy,
                model.map(ActiveRecommender.Active::version).orElse(null),
                place.taxonomy() != null || !request.attributes().isEmpty(),
                request.items(),
                past.stream().map(InteractionSeen::id).toList()),
            past,
            model,
            deadline);
    degraded.addAll(ranked.missing());
    Set<String> excluded = new HashSet<>(request.exclude());
    excluded.addAll(request.items());
    past.forEach(seen -> excluded.add(seen.sku()));
    List<Candidate> shown =
        choose(
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
    return request.budgetMillis() == null
        ? settings.budget()
        : Duration.ofMillis(request.budgetMillis());
  }

  private Place place(RecommendRequest request) {
    if (request.category() == null) {
      return new Place(null, Set.of());
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
    return new Place(taxonomy, codes);
  }

  private List<InteractionSeen> history(String user, long deadline, Set<String> degraded) {
    if (user == null) {
      return List.of();
    }
    if (history.isThere()) {
      Optional<Optional<List<InteractionSeen>>> known =
          redisGuard.start(() -> history.fromRedis(user)).get(partOf(deadline, 3));
      if (known.isPresent() && known.get().isPresent()) {
        return known.get().get();
      }
    }
    Optional<List<InteractionSeen>> read =
        degraded.contains("postgresql")
            ? Optional.empty()
            : postgresGuard.start(() -> history.fromTables(user)).get(partOf(deadline, 2));
    if (read.isEmpty()) {
      degraded.add("history");
    }
    return read.orElse(List.of());
  }

  /** When this share of the time that is left has passed. */
  private static long partOf(long deadline, int parts) {
    long now = System.nanoTime();
    return now + Math.max(0, deadline - now) / parts;
  }

  /** From memory, or from whoever is at it already, or made here. */
  private Ranked ranked(
      Question question,
      List<InteractionSeen> past,
      Optional<ActiveRecommender.Active> model,
      long deadline) {
    Ranked known = results.getIfPresent(question);
    if (known != null) {
      fromMemory.inc();
      return known;
    }
    CompletableFuture<Ranked> own = new CompletableFuture<>();
    CompletableFuture<Ranked> other = underWay.putIfAbsent(question, own);
    if (other == null) {
      try {
        Ranked ranked = make(question, past, model, deadline);
        if (ranked.missing().isEmpty()) {
          results.put(question, ranked);
        }
        own.complete(ranked);
        made.inc();
        return ranked;
      } catch (RuntimeException failure) {
        own.completeExceptionally(failure);
        throw failure;
      } finally {
        underWay.remove(question, own);
      }
    }
    try {
      return other.get(Math.max(0, partOf(deadline, 2) - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException | ExecutionException late) {
      // Whoever was at it has more time than we have, or failed: what is in memory must do.
      givenUp.inc();
      return fused(
          question,
          model,
          Map.of(),
          Set.of(Source.BEHAVIOUR, Source.GRAPH, Source.TEXT),
          List.of());
    } catch (InterruptedException ending) {
      Thread.currentThread().interrupt();
      throw ProblemException.unavailable("the service is ending", 5);
    }
  }

  private Ranked make(
      Question question,
      List<InteractionSeen> past,
      Optional<ActiveRecommender.Active> model,
      long deadline) {
    List<WeightedItem> basis = basis(question.items(), past, model);
    List<WeightedItem> strongest =
        basis.stream()
            .filter(item -> item.weight() > 0)
            .sorted(Comparator.comparingDouble(WeightedItem::weight).reversed())
            .toList();
    Set<Source> wanted = question.strategy().sources();
    Set<Source> silent = new HashSet<>();
    Map<Source, List<Found>> found = new EnumMap<>(Source.class);
    Guard.Call<List<Found>> fromGraph = null;
    Guard.Call<List<Found>> fromText = null;
    if (!strongest.isEmpty() && wanted.contains(Source.GRAPH)) {
      Optional<List<Found>> known = graph.known(strongest, PER_SOURCE);
      if (known.isPresent()) {
        found.put(Source.GRAPH, known.get());
      } else if (graph.isThere()) {
        fromGraph = graphGuard.start(() -> graph.candidates(strongest, PER_SOURCE));
      } else {
        silent.add(Source.GRAPH);
      }
    }
    if (!strongest.isEmpty() && wanted.contains(Source.TEXT)) {
      Optional<List<Found>> known = text.known(strongest, PER_SOURCE);
      if (known.isPresent()) {
        found.put(Source.TEXT, known.get());
      } else {
        fromText = textGuard.start(() -> text.candidates(strongest, PER_SOURCE));
      }
    }
    List<ScoredItem> behaviour = List.of();
    if (wanted.contains(Source.BEHAVIOUR) && model.isPresent() && !basis.isEmpty()) {
      // In memory and bounded, so it needs no thread of its own; but a file may hold nonsense.
      try {
        behaviour = model.get().model().behaviour(basis, PER_SOURCE);
      } catch (RuntimeException failure) {
        LOG.log(Level.WARNING, "the behaviour model fails", failure);
        silent.add(Source.BEHAVIOUR);
      }
    }
    long until = partOf(deadline, 2);
    take(Source.GRAPH, fromGraph, until, found, silent);
    take(Source.TEXT, fromText, until, found, silent);
    return fused(question, model, found, silent, behaviour);
  }

  private static void take(
      Source source,
      Guard.Call<List<Found>> call,
      long until,
      Map<Source, List<Found>> found,
      Set<Source> missing) {
    if (call != null) {
      call.get(until).ifPresentOrElse(list -> found.put(source, list), () -> missing.add(source));
    }
  }

  private Ranked fused(
      Question question,
      Optional<ActiveRecommender.Active> model,
      Map<Source, List<Found>> found,
      Set<Source> missing,
      List<ScoredItem> behaviour) {
    Map<Source, List<ScoredItem>> lists = new EnumMap<>(Source.class);
    lists.put(Source.BEHAVIOUR, behaviour);
    found.forEach(
        (source, list) ->
            lists.put(
                source,
                list.stream().map(f -> new ScoredItem(f.sku(), f.score(), f.because())).toList()));
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
    List<ScoredItem> all =
        Fusion.fuse(lists, weights, question.filtered() ? POPULAR_WITH_FILTER : FUSED);
    return new Ranked(candidates(all, lists, found, weights), names);
  }

  static List<Candidate> candidates(
      List<ScoredItem> fused,
      Map<Source, List<ScoredItem>> lists,
      Map<Source, List<Found>> found,
      Map<Source, Double> weights) {
    Map<String, Map<Source, ScoredItem>> bySku = new HashMap<>();
    Map<Source, Double> highest = new EnumMap<>(Source.class);
    lists.forEach(
        (source, list) -> {
          for (ScoredItem item : list) {
            highest.merge(source, item.score(), Math::max);
            bySku
                .computeIfAbsent(item.item(), sku -> new EnumMap<>(Source.class))
                .putIfAbsent(source, item);
          }
        });
    Map<String, Map<Source, Found.Why>> whys = new HashMap<>();
    found.forEach(
        (source, list) ->
            list.forEach(
                f ->
                    whys.computeIfAbsent(f.sku(), sku -> new EnumMap<>(Source.class))
                        .putIfAbsent(source, f.why())));
    double best = fused.isEmpty() ? 1 : fused.get(0).score();
    List<Candidate> candidates = new ArrayList<>(fused.size());
    for (ScoredItem item : fused) {
      Map<Source, ScoredItem> own = bySku.getOrDefault(item.item(), Map.of());
      Map<Source, Double> scores = new EnumMap<>(Source.class);
      Source leading = Source.POPULAR;
      double most = 0;
      for (Map.Entry<Source, ScoredItem> entry : own.entrySet()) {
        Source source = entry.getKey();
        double share = entry.getValue().score() / highest.getOrDefault(source, 1.0);
        double part = weights.getOrDefault(source, 0.0) * share;
        scores.put(source, share);
        if (part > most) {
          most = part;
          leading = source;
        }
      }
      ScoredItem lead = own.get(leading);
      candidates.add(
          new Candidate(
              item.item(),
              best > 0 ? item.score() / best : 0,
              lead == null ? null : lead.because(),
              whys.getOrDefault(item.item(), Map.of()).get(leading),
              leading,
              scores));
    }
    return candidates;
  }

  /** Items that are looked at and items of the history, with what they count. */
  private static List<WeightedItem> basis(
      List<String> items, List<InteractionSeen> past, Optional<ActiveRecommender.Active> model) {
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
    Map<String, Double> weights = new java.util.LinkedHashMap<>();
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

  /** Keeps the rules, arranges what is left, and fills it up where it is short. */
  private List<Candidate> choose(
      RecommendRequest request,
      Place place,
      List<Candidate> candidates,
      Set<String> excluded,
      long seed,
      long deadline,
      Set<String> degraded) {
    int limit = request.limit();
    List<Candidate> allowed = new ArrayList<>();
    for (Candidate candidate : candidates) {
      if (!excluded.contains(candidate.sku())) {
        allowed.add(candidate);
      }
    }
    List<Candidate> shown = new ArrayList<>();
    int pool = Math.max(POOL, 4 * limit);
    for (int from = 0; from < allowed.size() && shown.size() < limit; from += pool) {
      List<Candidate> part = allowed.subList(from, Math.min(allowed.size(), from + pool));
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
        && postgresGuard
            .start(
                () -> {
                  cards.load(stale);
                  return true;
                })
            .get(partOf(deadline, 2))
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
      visible = visibility.ask(skus, deadline);
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
        postgresGuard
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
        newest.get().stream()
            .filter(sku -> !known.contains(sku))
            .map(sku -> new Candidate(sku, 0, null, null, null, Map.of()))
            .toList();
    Map<String, ItemCard> there = cards(fresh, deadline, degraded);
    return fresh.stream()
        .filter(candidate -> there.containsKey(candidate.sku()))
        .filter(candidate -> there.get(candidate.sku()).has(request.attributes()))
        .limit(wanted)
        .toList();
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
    Map<String, Double> named = new java.util.TreeMap<>();
    scores.forEach((source, score) -> named.put(name(source), rounded(score)));
    return named;
  }

  private static String name(Source source) {
    return source.name().toLowerCase(java.util.Locale.ROOT);
  }

  /** Four digits: more would be noise. */
  private static double rounded(double value) {
    return Math.rint(value * 1e4) / 1e4;
  }

  /** Reads the cards of what is popular, so that they are there when PostgreSQL is not. */
  void keepPopularCards() {
    List<String> popular = popularity.top(PER_SOURCE).stream().map(ScoredItem::item).toList();
    try {
      cards.load(cards.stale(popular));
    } catch (java.sql.SQLException failure) {
      throw new IllegalStateException("cannot read the items that are popular", failure);
    }
  }
}
