package io.kailash.classification.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Makes labelled titles over a tree: every category has words of its own, a title mixes those of
 * its leaf and of the categories above with words that all share, brands, sizes and slips of the
 * pen; few categories have most items (Zipf). Item number n is the same whenever it is asked for,
 * so a million of them need no memory.
 */
final class SyntheticCatalog implements ExampleSource {

  private static final String[] ONSETS =
      "b c d f g h j k l m n p r s t v w z br cr dr fl gr pl st tr sh ch".split(" ");
  private static final String[] VOWELS = "a e i o u ai ea oo".split(" ");
  private static final String[] CODAS = {"", "", "n", "r", "s", "t", "l", "ck", "m", "nd"};
  private static final String[] UNITS = {"ml", "g", "kg", "cm", "pack", "l", "w", "v"};
  private static final int SHARED_WORDS = 20_000;
  private static final int BRANDS = 2_000;

  private final CategoryTree tree;
  private final long seed;
  private final long size;
  private final double labelNoise;
  private final List<String> leaves;
  private final double[] cumulative;

  SyntheticCatalog(CategoryTree tree, long size, double labelNoise, long seed) {
    this.tree = tree;
    this.size = size;
    this.labelNoise = labelNoise;
    this.seed = seed;
    leaves = new ArrayList<>(tree.leaves());
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = leaves.size() - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      String swap = leaves.get(i);
      leaves.set(i, leaves.get(j));
      leaves.set(j, swap);
    }
    cumulative = new double[leaves.size()];
    double sum = 0;
    for (int rank = 0; rank < cumulative.length; rank++) {
      sum += 1.0 / (rank + 20);
      cumulative[rank] = sum;
    }
  }

  /** A tree of three levels: groups of groups of leaves, as even as possible. */
  static CategoryTree tree(int leafCount) {
    int perGroup = (int) Math.max(2, Math.round(Math.cbrt(leafCount)));
    List<CategoryTree.Category> categories = new ArrayList<>();
    for (int leaf = 0; leaf < leafCount; leaf++) {
      int middle = leaf / perGroup;
      int top = middle / perGroup;
      if (leaf % (perGroup * perGroup) == 0) {
        categories.add(new CategoryTree.Category("t" + top, "Top " + top, null));
      }
      if (leaf % perGroup == 0) {
        categories.add(new CategoryTree.Category("m" + middle, "Middle " + middle, "t" + top));
      }
      categories.add(new CategoryTree.Category("l" + leaf, "Leaf " + leaf, "m" + middle));
    }
    return CategoryTree.of(categories);
  }

  CategoryTree tree() {
    return tree;
  }

  @Override
  public Stream<Example> open() {
    return LongStream.range(0, size).mapToObj(this::example);
  }

  List<Example> list() {
    return open().toList();
  }

  /** Items that follow after those of this source, so that none is among them. */
  List<Example> heldOut(int count) {
    return LongStream.range(size, size + count).mapToObj(this::example).toList();
  }

  Example example(long number) {
    SplittableRandom random = new SplittableRandom(mix(seed + number * 0x9E3779B97F4A7C15L));
    double at = random.nextDouble() * cumulative[cumulative.length - 1];
    int rank = Arrays.binarySearch(cumulative, at);
    String leaf = leaves.get(Math.min(leaves.size() - 1, rank < 0 ? -rank - 1 : rank));
    List<String> words = new ArrayList<>();
    if (random.nextInt(10) < 6) {
      words.add(word(1, random.nextInt(BRANDS)));
    }
    int own = 1 + random.nextInt(2);
    for (int i = 0; i < own; i++) {
      words.add(categoryWord(leaf, zipf(random, 8)));
    }
    List<String> path = tree.pathCodes(leaf);
    for (int above = path.size() - 2; above >= 0; above--) {
      if (random.nextInt(10) < 6) {
        words.add(categoryWord(path.get(above), zipf(random, 12)));
      }
    }
    int shared = 1 + random.nextInt(4);
    for (int i = 0; i < shared; i++) {
      words.add(word(2, zipf(random, SHARED_WORDS)));
    }
    if (random.nextInt(2) == 0) {
      words.add((1 + random.nextInt(500)) + UNITS[random.nextInt(UNITS.length)]);
    }
    for (int i = words.size() - 1; i > 0; i--) {
      if (random.nextInt(3) == 0) {
        int j = random.nextInt(i + 1);
        String swap = words.get(i);
        words.set(i, words.get(j));
        words.set(j, swap);
      }
    }
    if (random.nextInt(20) == 0) {
      int slip = random.nextInt(words.size());
      String word = words.get(slip);
      int drop = random.nextInt(word.length());
      words.set(slip, word.substring(0, drop) + word.substring(drop + 1));
    }
    String label =
        random.nextDouble() < labelNoise ? leaves.get(random.nextInt(leaves.size())) : leaf;
    return new Example(ItemText.ofTitle(String.join(" ", words)), label);
  }

  private static int zipf(SplittableRandom random, int count) {
    // The inverse of the distribution with density 1 / (x + 1) on [0, count).
    return (int) Math.min(count - 1, Math.exp(random.nextDouble() * Math.log(count + 1)) - 1);
  }

  private String categoryWord(String code, int which) {
    return word(3 + code.hashCode() * 31L, which);
  }

  private String word(long kind, int which) {
    SplittableRandom random =
        new SplittableRandom(mix(seed ^ mix(kind * 0xD1B54A32D192ED03L + which)));
    StringBuilder word = new StringBuilder();
    int syllables = 1 + random.nextInt(3);
    for (int i = 0; i < syllables; i++) {
      word.append(ONSETS[random.nextInt(ONSETS.length)])
          .append(VOWELS[random.nextInt(VOWELS.length)]);
    }
    return word.append(CODAS[random.nextInt(CODAS.length)]).toString();
  }

  private static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
