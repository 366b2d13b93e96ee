package io.kailash.recommendation.model;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/**
 * Who turned to what, one entry for each pair of user and item: users and items in {@link IdOrder},
 * entries by user and in it by time and item. A pair counts as much as its strongest interaction
 * and is as new as its newest; one that was dismissed last is left out.
 */
final class InteractionTable {

  /** Users by number. */
  final String[] users;

  /** Items by number. */
  final String[] items;

  /** First entry of each user, and the number of entries after the last. */
  final int[] starts;

  /** Item of each entry. */
  final int[] item;

  /** How much each entry counts. */
  final float[] strength;

  /** When, in milliseconds since 1970. */
  final long[] at;

  /** How many interactions were read. */
  final long read;

  private InteractionTable(
      String[] users,
      String[] items,
      int[] starts,
      int[] item,
      float[] strength,
      long[] at,
      long read) {
    this.users = users;
    this.items = items;
    this.starts = starts;
    this.item = item;
    this.strength = strength;
    this.at = at;
    this.read = read;
  }

  static InteractionTable read(
      InteractionSource source, RecommenderOptions options, RecommenderProgress progress) {
    Reader reader = new Reader(options, progress);
    source.forEach(reader::add);
    return reader.table();
  }

  int pairs() {
    return item.length;
  }

  long newest() {
    long newest = Long.MIN_VALUE;
    for (long time : at) {
      newest = Math.max(newest, time);
    }
    return newest;
  }

  /** How many users turned to each item. */
  int[] usersOfItems() {
    int[] counts = new int[items.length];
    for (int i : item) {
      counts[i]++;
    }
    return counts;
  }

  /** The same entries by item: their users and strengths. */
  Columns columns() {
    int[] from = new int[items.length + 1];
    for (int i : item) {
      from[i + 1]++;
    }
    for (int i = 0; i < items.length; i++) {
      from[i + 1] += from[i];
    }
    int[] next = Arrays.copyOf(from, items.length);
    int[] entry = new int[item.length];
    int[] user = new int[item.length];
    for (int u = 0; u < users.length; u++) {
      for (int e = starts[u]; e < starts[u + 1]; e++) {
        int place = next[item[e]]++;
        entry[place] = e;
        user[place] = u;
      }
    }
    return new Columns(from, entry, user);
  }

  /**
   * Entries by item.
   *
   * @param starts first of each item
   * @param entry number of the entry in the table
   * @param user of the entry
   */
  record Columns(int[] starts, int[] entry, int[] user) {}

  /** The older part to learn from, and the items that came after it, by user. */
  record Split(InteractionTable older, int[][] newer, int newerPairs) {}

  /**
   * Holds out each user's newest entries: of n the whole part of n times {@code share}, at least
   * one of two.
   */
  Split split(double share) {
    int[][] newer = new int[users.length][];
    int[] olderStarts = new int[users.length + 1];
    int held = 0;
    for (int u = 0; u < users.length; u++) {
      int count = starts[u + 1] - starts[u];
      int hold = count < 2 ? 0 : Math.max(1, (int) Math.floor(count * share));
      newer[u] = Arrays.copyOfRange(item, starts[u + 1] - hold, starts[u + 1]);
      held += hold;
      olderStarts[u + 1] = olderStarts[u] + count - hold;
    }
    int[] olderItem = new int[item.length - held];
    float[] olderStrength = new float[olderItem.length];
    long[] olderAt = new long[olderItem.length];
    for (int u = 0; u < users.length; u++) {
      int count = olderStarts[u + 1] - olderStarts[u];
      System.arraycopy(item, starts[u], olderItem, olderStarts[u], count);
      System.arraycopy(strength, starts[u], olderStrength, olderStarts[u], count);
      System.arraycopy(at, starts[u], olderAt, olderStarts[u], count);
    }
    return new Split(
        new InteractionTable(
            users, items, olderStarts, olderItem, olderStrength, olderAt, olderItem.length),
        newer,
        held);
  }

  /** The same pairs, each counting 1. */
  InteractionTable unweighted() {
    float[] ones = new float[strength.length];
    Arrays.fill(ones, 1);
    return new InteractionTable(users, items, starts, item, ones, at, read);
  }

  /** SHA-256 over all of it in hexadecimal digits. */
  String digest() {
    MessageDigest sha = sha256();
    for (String[] names : new String[][] {users, items}) {
      for (String name : names) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        sha.update(ByteBuffer.allocate(4).putInt(bytes.length).array());
        sha.update(bytes);
      }
    }
    ByteBuffer entry = ByteBuffer.allocate(20);
    for (int u = 0; u < users.length; u++) {
      for (int e = starts[u]; e < starts[u + 1]; e++) {
        entry.clear();
        entry.putInt(u).putInt(item[e]).putFloat(strength[e]).putLong(at[e]);
        sha.update(entry.array());
      }
    }
    return HexFormat.of().formatHex(sha.digest());
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static final class Reader {

    private final RecommenderOptions options;
    private final RecommenderProgress progress;
    private final Map<String, Integer> userNumbers = new HashMap<>();
    private final Map<String, Integer> itemNumbers = new HashMap<>();
    private int count;
    private int[] user = new int[1024];
    private int[] item = new int[1024];
    private float[] strength = new float[1024];
    private long[] at = new long[1024];

    Reader(RecommenderOptions options, RecommenderProgress progress) {
      this.options = options;
      this.progress = progress;
    }

    void add(Interaction interaction) {
      if (count == user.length) {
        int size = Math.addExact(count, count >> 1);
        user = Arrays.copyOf(user, size);
        item = Arrays.copyOf(item, size);
        strength = Arrays.copyOf(strength, size);
        at = Arrays.copyOf(at, size);
      }
      if ((count & 0xFFFF) == 0 && progress.cancelled()) {
        throw new TrainingCancelledException("reading");
      }
      user[count] = number(userNumbers, interaction.user());
      item[count] = number(itemNumbers, interaction.item());
      strength[count] = (float) options.strength(interaction.kind(), interaction.value());
      at[count] = interaction.atMillis();
      count++;
    }

    private static int number(Map<String, Integer> numbers, String id) {
      Integer known = numbers.get(id);
      if (known != null) {
        return known;
      }
      numbers.put(id, numbers.size());
      return numbers.size() - 1;
    }

    InteractionTable table() {
      String[] users = inOrder(userNumbers, user, count);
      String[] items = inOrder(itemNumbers, item, count);
      int[] from = new int[users.length + 1];
      for (int e = 0; e < count; e++) {
        from[user[e] + 1]++;
      }
      for (int u = 0; u < users.length; u++) {
        from[u + 1] += from[u];
      }
      int[] next = Arrays.copyOf(from, users.length);
      int[] byUser = new int[count];
      for (int e = 0; e < count; e++) {
        byUser[next[user[e]]++] = e;
      }
      int[] starts = new int[users.length + 1];
      int[] pairItem = new int[count];
      float[] pairStrength = new float[count];
      long[] pairAt = new long[count];
      int pairs = 0;
      for (int u = 0; u < users.length; u++) {
        int size = from[u + 1] - from[u];
        long[] order = new long[size];
        for (int k = 0; k < size; k++) {
          order[k] = (long) item[byUser[from[u] + k]] << 32 | k;
        }
        Arrays.sort(order);
        int first = pairs;
        for (int k = 0; k < size; ) {
          int pair = (int) (order[k] >>> 32);
          float most = 0;
          long newest = Long.MIN_VALUE;
          long dismissed = Long.MIN_VALUE;
          for (; k < size && (int) (order[k] >>> 32) == pair; k++) {
            int e = byUser[from[u] + (int) order[k]];
            if (strength[e] > 0) {
              most = Math.max(most, strength[e]);
              newest = Math.max(newest, at[e]);
            } else {
              dismissed = Math.max(dismissed, at[e]);
            }
          }
          if (most > 0 && newest > dismissed) {
            pairItem[pairs] = pair;
            pairStrength[pairs] = most;
            pairAt[pairs] = newest;
            pairs++;
          }
        }
        byTime(pairItem, pairStrength, pairAt, first, pairs);
        starts[u + 1] = pairs;
      }
      return new InteractionTable(
          users,
          items,
          starts,
          Arrays.copyOf(pairItem, pairs),
          Arrays.copyOf(pairStrength, pairs),
          Arrays.copyOf(pairAt, pairs),
          count);
    }

    /** Stable: what is equally old stays in the order of the items. */
    private static void byTime(int[] item, float[] strength, long[] at, int from, int to) {
      boolean sorted = true;
      for (int e = from + 1; e < to && sorted; e++) {
        sorted = at[e - 1] <= at[e];
      }
      if (sorted) {
        return;
      }
      Integer[] order = new Integer[to - from];
      for (int k = 0; k < order.length; k++) {
        order[k] = from + k;
      }
      Arrays.sort(order, (a, b) -> Long.compare(at[a], at[b]));
      int[] itemCopy = Arrays.copyOfRange(item, from, to);
      float[] strengthCopy = Arrays.copyOfRange(strength, from, to);
      long[] atCopy = Arrays.copyOfRange(at, from, to);
      for (int k = 0; k < order.length; k++) {
        item[from + k] = itemCopy[order[k] - from];
        strength[from + k] = strengthCopy[order[k] - from];
        at[from + k] = atCopy[order[k] - from];
      }
    }

    private static String[] inOrder(Map<String, Integer> numbers, int[] used, int count) {
      String[] names = numbers.keySet().toArray(new String[0]);
      Arrays.sort(names, new IdOrder());
      int[] newNumber = new int[names.length];
      for (int i = 0; i < names.length; i++) {
        newNumber[numbers.get(names[i])] = i;
      }
      for (int e = 0; e < count; e++) {
        used[e] = newNumber[used[e]];
      }
      return names;
    }
  }
}
