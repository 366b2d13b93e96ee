package io.kailash.recommendation.model;

import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Made-up interactions with a planted structure: items belong to groups, popularity falls as 1/rank
 * (Zipf) within a group and over the groups, a user keeps to a few groups and within a session to
 * one. The same numbers give the same interactions.
 */
final class SyntheticInteractions implements InteractionSource {

  private static final long START = 1_700_000_000_000L;
  private static final long DAY = 86_400_000L;
  private static final int DAYS = 180;
  private static final double STRAY = 0.1;

  private final long interactions;
  private final int users;
  private final int items;
  private final int groups;
  private final long seed;

  SyntheticInteractions(long interactions, int users, int items, int groups, long seed) {
    this.interactions = interactions;
    this.users = users;
    this.items = items;
    this.groups = groups;
    this.seed = seed;
  }

  static String item(int number) {
    return "i" + number;
  }

  /** The group an item was put into; item n is in group n modulo the number of groups. */
  int groupOf(String item) {
    return Integer.parseInt(item.substring(1)) % groups;
  }

  @Override
  public void forEach(Consumer<Interaction> reader) {
    double mean = interactions / (double) users;
    double owed = 0;
    for (int user = 0; user < users; user++) {
      SplittableRandom random = new SplittableRandom(seed * 1_000_003 + user);
      // Few users do very much; all together as many as asked for.
      owed += mean * (0.4 + 0.6 * -Math.log(1 - random.nextDouble()));
      int own = (int) owed;
      owed -= own;
      int[] favourites = new int[1 + random.nextInt(3)];
      for (int k = 0; k < favourites.length; k++) {
        favourites[k] = zipf(random, groups);
      }
      long at = START + (long) (random.nextDouble() * DAYS * DAY);
      int group = favourites[0];
      for (int k = 0; k < own; k++) {
        if (random.nextDouble() < 0.25) {
          at += (long) (random.nextDouble() * 10 * DAY);
          group = favourites[random.nextInt(favourites.length)];
        } else {
          at += (long) (random.nextDouble() * 120_000);
        }
        int chosen = random.nextDouble() < STRAY ? zipf(random, groups) : group;
        int rank = zipf(random, Math.max(1, items / groups));
        double what = random.nextDouble();
        Kind kind = what < 0.8 ? Kind.VIEW : what < 0.92 ? Kind.CART : Kind.PURCHASE;
        reader.accept(
            new Interaction(
                "u" + user, item((rank * groups + chosen) % items), kind, Float.NaN, at));
      }
    }
  }

  /** From 0 to before {@code size}; about 1 / (rank + 1). */
  private static int zipf(SplittableRandom random, int size) {
    return (int) Math.min(size - 1, Math.pow(size + 1.0, random.nextDouble()) - 1);
  }

  /** Shuffles a list in place by a seed. */
  static <T> void shuffle(java.util.List<T> list, long seed) {
    java.util.Collections.shuffle(list, new Random(seed));
  }
}
