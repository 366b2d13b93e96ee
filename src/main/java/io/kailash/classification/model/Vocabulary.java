package io.kailash.classification.model;

/**
 * The features a model knows.
 *
 * <p>Weight of a feature: weight of its kind × (1 + ln((1 + items) / (1 + items with it))), the
 * smoothed inverse document frequency.
 */
final class Vocabulary {

  private static final int KIND_SHIFT = 48;
  private static final double[] KIND_WEIGHTS = {2.5, 1, 1, 1, 1, 0.3, 1};

  final int items;

  /** Kind in the bits from 48, hash below; ascending. */
  final long[] keys;

  final int[] itemCounts;
  final float[] weights;
  final LongTable ids;

  Vocabulary(int items, long[] keys, int[] itemCounts) {
    this.items = items;
    this.keys = keys;
    this.itemCounts = itemCounts;
    weights = new float[keys.length];
    ids = new LongTable(keys.length);
    for (int i = 0; i < keys.length; i++) {
      int kind = (int) (keys[i] >>> KIND_SHIFT);
      // StrictMath: a model must give the same answers on every machine.
      weights[i] =
          (float)
              (KIND_WEIGHTS[kind] * (1 + StrictMath.log((1.0 + items) / (1.0 + itemCounts[i]))));
      ids.putIfAbsent(keys[i] & FeatureReader.HASH_MASK, i);
    }
  }

  int kind(int feature) {
    return (int) (keys[feature] >>> KIND_SHIFT);
  }

  int size() {
    return keys.length;
  }
}
