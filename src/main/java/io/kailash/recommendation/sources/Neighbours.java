package io.kailash.recommendation.sources;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.kailash.recommendation.model.WeightedItem;
import io.kailash.recommendation.sources.Found.Why;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Neighbours of items, as a store gave them, kept in memory; and the sum of them over the items of
 * a history. An answer waits for the store only where it knows nothing about an item: what is old
 * is used and read anew beside it.
 */
final class Neighbours {
  private static final long KEPT_NANOS = TimeUnit.MINUTES.toNanos(10);

  /** Who has none may be new and get some soon; each time it still has none it is kept longer. */
  private static final long NONE_KEPT_NANOS = TimeUnit.SECONDS.toNanos(2);

  /** More would weigh on every answer, and what comes after so many adds little. */
  private static final int PER_ITEM = 60;

  /** Each question takes a thread and a core of the store; more at once make each slower. */
  private static final int QUESTIONS_AT_ONCE = 2;

  private static final int ITEMS_PER_QUESTION = 40;

  /**
   * What only has grown old is read anew at most so often: all that was read together after a start
   * grows old together, and would take the store from those who wait for it. With {@value
   * #ITEMS_PER_QUESTION} items each time, 96 000 in the ten minutes that they are kept.
   */
  private static final long PAUSE_OF_OLD_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  /**
   * Arrays, their holder, its place among all and the item's name; counted on a heap below 32 GB.
   */
  private static final int BYTES_EACH_ITEM = 280;

  /** By then the store has the change, too. */
  private static final long CHANGE_TAKEN_NANOS = TimeUnit.SECONDS.toNanos(2);

  private static final Why[] WHYS = Why.values();

  /** Written out: it is called thousands of times for one answer. */
  private static final Comparator<Found> BEST_FIRST =
      (a, b) -> {
        int order = Double.compare(b.score(), a.score());
        return order != 0 ? order : a.sku().compareTo(b.sku());
      };

  private final Store store;
  private final LongSupplier clock;
  private final long mostBytes;
  private final Cache<String, Kept> known;
  private final Gathering<Kept> gathering;

  /** What has grown old, for the next question about such. */
  private final Set<String> old = ConcurrentHashMap.newKeySet();

  private final AtomicLong nextOfOld;

  /** Asks the store. */
  interface Store {
    /** The neighbours of each; one that is left out has none. */
    Map<String, List<Found>> neighbours(List<String> skus) throws Exception;
  }

  /**
   * The neighbours of one item, best first, without an object for each: names shared among lists
   * took more room than all else where a catalog is so large that each is in few lists.
   *
   * @param changed whether the item has changed since, so that others may be its neighbours now
   */
  private record Kept(
      PackedNames skus,
      float[] scores,
      byte[] whys,
      long atNanos,
      long keptNanos,
      boolean changed) {
    boolean isOld(long nowNanos) {
      return nowNanos - atNanos > keptNanos;
    }

    /** The names, a score of 4 bytes and a reason of 1 for each, and what is around them. */
    int bytes() {
      return BYTES_EACH_ITEM + skus.bytes() + 5 * scores.length;
    }

    /** Neither changed nor empty, so that nobody misses anything if it is kept a while longer. */
    boolean canWait() {
      return !changed && scores.length > 0;
    }

    Kept changedAndOldIn(long nanos, long nowNanos) {
      long age = nowNanos - atNanos;
      // What changes again and again must grow old all the same.
      return changed && keptNanos - age <= nanos
          ? this
          : new Kept(skus, scores, whys, atNanos, age + nanos, true);
    }
  }

  /**
   * @param mostBytes that the kept neighbours may take, about
   * @param guard behind which the store is asked
   * @param clock in nanoseconds, for the age of what is kept
   */
  Neighbours(long mostBytes, Guard guard, LongSupplier clock, Store store) {
    this.store = store;
    this.clock = clock;
    nextOfOld = new AtomicLong(clock.getAsLong());
    this.mostBytes = mostBytes;
    known =
        Caffeine.newBuilder()
            .maximumWeight(mostBytes)
            .weigher((String sku, Kept kept) -> kept.bytes())
            .executor(Runnable::run)
            .build();
    gathering = new Gathering<>(guard, QUESTIONS_AT_ONCE, ITEMS_PER_QUESTION, this::read);
  }

  /**
   * Begins to gather, and does not wait.
   *
   * @param most of the history, from its beginning
   * @param mayAsk whether the store may be asked; else memory must do
   * @param longestNanos longest wait for the store
   */
  NeighbourSource.Looking around(
      List<WeightedItem> history, int most, boolean mayAsk, long longestNanos) {
    List<WeightedItem> first = history.subList(0, Math.min(most, history.size()));
    long now = clock.getAsLong();
    Map<String, Kept> lists = new HashMap<>();
    List<String> missing = new ArrayList<>(0);
    List<String> due = new ArrayList<>(0);
    for (WeightedItem item : first) {
      Kept kept = known.getIfPresent(item.item());
      if (kept == null) {
        missing.add(item.item());
        continue;
      }
      lists.put(item.item(), kept);
      if (mayAsk && kept.isOld(now)) {
        if (!kept.canWait()) {
          due.add(item.item());
        } else if (old.size() < ITEMS_PER_QUESTION) {
          old.add(item.item());
        }
      }
    }
    if (missing.isEmpty() || !mayAsk) {
      addOldInTurn(due, now);
      if (!due.isEmpty() && gathering.hasRoom()) {
        gathering.ask(due);
      }
      return (deadline, limit) ->
          new NeighbourSource.Seen(sum(first, lists, limit), missing.isEmpty());
    }
    boolean inTime = gathering.hasRoom();
    Gathering.Asked<Kept> asked = gathering.ask(missing);
    if (!inTime) {
      // Others wait already: this answer would be late and no better for it, the next one is.
      return (deadline, limit) -> new NeighbourSource.Seen(sum(first, lists, limit), false);
    }
    long until = System.nanoTime() + longestNanos;
    return (deadline, limit) -> {
      boolean whole = asked.read(Math.min(deadline, until), lists);
      return new NeighbourSource.Seen(sum(first, lists, limit), whole);
    };
  }

  /** Adds what has grown old when its time has come and nobody waits for the store. */
  private void addOldInTurn(List<String> due, long now) {
    if (old.isEmpty()) {
      return;
    }
    long next = nextOfOld.get();
    if (now - next >= 0
        && gathering.hasRoom()
        && nextOfOld.compareAndSet(next, now + PAUSE_OF_OLD_NANOS)) {
      List<String> turn = List.copyOf(old);
      turn.forEach(old::remove);
      due.addAll(turn);
    }
  }

  /** Reads what is not known yet, unless somebody waits for the store; waits for the answer. */
  void prepare(List<String> skus, long longestNanos) {
    List<String> unknown = skus.stream().filter(sku -> known.getIfPresent(sku) == null).toList();
    if (!unknown.isEmpty() && gathering.hasRoom()) {
      gathering.ask(unknown).get(System.nanoTime() + longestNanos);
    }
  }

  /** Whether there is no room for many more. */
  boolean isFull() {
    return known.policy().eviction().orElseThrow().weightedSize().orElse(0)
        > mostBytes - mostBytes / 20;
  }

  /** Has what is known around items that have changed read anew before long. */
  void changed(Collection<String> skus) {
    long now = clock.getAsLong();
    skus.forEach(
        sku ->
            known
                .asMap()
                .computeIfPresent(
                    sku, (key, kept) -> kept.changedAndOldIn(CHANGE_TAKEN_NANOS, now)));
  }

  private Map<String, Kept> read(Collection<String> skus) throws Exception {
    long now = clock.getAsLong();
    Map<String, Kept> lists = new HashMap<>();
    List<String> unknown = new ArrayList<>();
    for (String sku : skus) {
      Kept kept = known.getIfPresent(sku);
      // Another question may have brought it while this one waited.
      if (kept == null || kept.isOld(now)) {
        unknown.add(sku);
      } else {
        lists.put(sku, kept);
      }
    }
    if (!unknown.isEmpty()) {
      Map<String, List<Found>> answered = store.neighbours(unknown);
      for (String sku : unknown) {
        Kept kept = kept(answered.getOrDefault(sku, List.of()), known.getIfPresent(sku));
        known.put(sku, kept);
        lists.put(sku, kept);
      }
    }
    return lists;
  }

  /** Each item under the first reason it came with, the strongest. */
  private Kept kept(List<Found> found, Kept before) {
    List<Found> sorted = new ArrayList<>(found);
    sorted.sort(BEST_FIRST);
    Set<String> seen = new LinkedHashSet<>();
    sorted.removeIf(one -> seen.size() >= PER_ITEM || !seen.add(one.sku()));
    float[] scores = new float[sorted.size()];
    byte[] whys = new byte[scores.length];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = (float) sorted.get(i).score();
      whys[i] = (byte) sorted.get(i).why().ordinal();
    }
    long kept = KEPT_NANOS;
    if (scores.length == 0) {
      boolean again = before != null && before.scores().length == 0;
      kept = again ? Math.min(KEPT_NANOS, 2 * before.keptNanos()) : NONE_KEPT_NANOS;
    }
    return new Kept(PackedNames.of(seen), scores, whys, clock.getAsLong(), kept, false);
  }

  private static final class Sum {
    private double score;
    private double most;
    private String because;
    private byte why;
  }

  /** Scores are summed over the history, each weighted; an item names what speaks most for it. */
  private static List<Found> sum(List<WeightedItem> history, Map<String, Kept> lists, int limit) {
    Map<String, Sum> sums = new HashMap<>();
    for (WeightedItem item : history) {
      Kept kept = lists.get(item.item());
      if (kept == null) {
        continue;
      }
      PackedNames.Reading skus = kept.skus().reading();
      for (int i = 0; i < kept.scores().length; i++) {
        String neighbour = skus.next();
        double score = item.weight() * kept.scores()[i];
        if (score > 0) {
          Sum sum = sums.computeIfAbsent(neighbour, sku -> new Sum());
          sum.score += score;
          if (score > sum.most) {
            sum.most = score;
            sum.because = item.item();
            sum.why = kept.whys()[i];
          }
        }
      }
    }
    List<Found> found = new ArrayList<>(sums.size());
    sums.forEach((sku, sum) -> found.add(new Found(sku, sum.score, sum.because, WHYS[sum.why])));
    found.sort(BEST_FIRST);
    return found.size() <= limit ? found : List.copyOf(found.subList(0, limit));
  }
}
