package io.kailash.recommendation;

import io.kailash.recommendation.InteractionDraft.Checked;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Makes up what some hundred people may have done in the sample catalog: each has a few departments
 * he likes, comes several times, looks at some items of related categories, puts now and then one
 * into the cart together with one that goes with it, and buys most of those. The same seed makes
 * the same.
 */
final class SampleShoppers {
  /** How the ids of users begin that are made up. */
  static final String PREFIX = "sample-";

  private static final Duration PAST = Duration.ofDays(60);
  private static final int KNOWN_ITEMS = 25;

  private final SplittableRandom random;
  private final Instant now;
  private final List<List<Shelf>> departments;
  private final List<Checked> made = new ArrayList<>();

  /** The items of one category, and the category above it. */
  record Shelf(String category, String department, List<String> skus) {}

  private SampleShoppers(List<Shelf> shelves, Instant now, long seed) {
    this.random = new SplittableRandom(seed);
    this.now = now;
    Map<String, List<Shelf>> byDepartment = new TreeMap<>();
    for (Shelf shelf : shelves) {
      if (!shelf.skus().isEmpty()) {
        byDepartment.computeIfAbsent(shelf.department(), d -> new ArrayList<>()).add(shelf);
      }
    }
    departments = List.copyOf(byDepartment.values());
  }

  /** What so many people did in the 60 days before {@code now}, oldest first. */
  static List<Checked> visits(List<Shelf> shelves, int people, Instant now, long seed) {
    SampleShoppers shoppers = new SampleShoppers(shelves, now, seed);
    if (shoppers.departments.isEmpty()) {
      return List.of();
    }
    for (int person = 1; person <= people; person++) {
      shoppers.person(PREFIX + person);
    }
    shoppers.made.sort(Comparator.comparing(Checked::at));
    return shoppers.made;
  }

  private void person(String user) {
    List<List<Shelf>> liked = new ArrayList<>();
    int departmentsLiked = 1 + random.nextInt(3);
    for (int i = 0; i < departmentsLiked; i++) {
      liked.add(departments.get(skewed(departments.size())));
    }
    int sessions = 3 + random.nextInt(7);
    for (int i = 0; i < sessions; i++) {
      Instant at = now.minusSeconds(1 + random.nextLong(PAST.toSeconds() - 7_200));
      session(user, liked.get(random.nextInt(liked.size())), at);
    }
  }

  private void session(String user, List<Shelf> department, Instant began) {
    Shelf shelf = department.get(random.nextInt(department.size()));
    Instant at = began.minusSeconds(3_600);
    int views = 2 + random.nextInt(5);
    int rank = 0;
    for (int i = 0; i < views; i++) {
      rank = skewed(Math.min(KNOWN_ITEMS, shelf.skus().size()));
      at = at.plusSeconds(10 + random.nextInt(120));
      add(user, shelf.skus().get(rank), "view", null, at);
    }
    if (random.nextDouble() < 0.03) {
      add(user, shelf.skus().get(rank), "dismissal", null, at.plusSeconds(5));
    } else if (random.nextDouble() < 0.45) {
      at = bought(user, shelf.skus().get(rank), at);
      // What goes with it stands at a similar place on the next shelf.
      Shelf beside = department.get((department.indexOf(shelf) + 1) % department.size());
      if (random.nextDouble() < 0.6) {
        bought(user, beside.skus().get(rank % Math.min(5, beside.skus().size())), at);
      }
    }
  }

  private Instant bought(String user, String sku, Instant before) {
    Instant at = before.plusSeconds(20 + random.nextInt(60));
    add(user, sku, "cart", null, at);
    if (random.nextDouble() < 0.75) {
      at = at.plusSeconds(60 + random.nextInt(300));
      add(user, sku, "purchase", null, at);
      if (random.nextDouble() < 0.3) {
        add(user, sku, "rating", (double) (3 + random.nextInt(3)), at.plusSeconds(30));
      }
    }
    return at;
  }

  private void add(String user, String sku, String kind, Double value, Instant at) {
    made.add(new InteractionDraft(null, user, sku, kind, value, at.toString()).checked(now));
  }

  /** The first are the likeliest: the square of an even share. */
  private int skewed(int size) {
    double share = random.nextDouble();
    return (int) (share * share * size);
  }
}
