package io.kailash.classification.model;

import java.util.Arrays;

/**
 * Makes the sparse vector of an item: (1 + ln tf) × idf × weight of the kind, each block
 * L2-normalised by itself and weighted. Title words and parts are one block; description, supplier
 * category and address are one each. Holds buffers, so it belongs to one thread at a time.
 */
final class ItemVectors {

  private static final int[] BLOCK_OF_KIND = {0, 0, 1, 2, 3, 3, 4};
  private static final int BLOCKS = 5;
  private static final float[] LOG_TF = new float[256];

  static {
    for (int tf = 1; tf < LOG_TF.length; tf++) {
      LOG_TF[tf] = (float) (1 + Math.log(tf));
    }
  }

  private final FeatureReader reader;
  private final Vocabulary vocabulary;
  private final LongTable ids;
  private final float[] featureWeights;
  private final float[] blockWeights;

  private int[] seenFeature = new int[1024];
  private int[] seenAt = new int[1024];
  private int[] seenStamp = new int[1024];
  private int stamp;

  private long[] keys = new long[512];
  private int[] found = new int[512];
  private int[] features = new int[512];
  private int[] counts = new int[512];
  private byte[] blocks = new byte[512];
  private float[] values = new float[512];
  private int length;
  private final float[] squares = new float[BLOCKS];

  ItemVectors(FeatureReader reader, Vocabulary vocabulary, float[] blockWeights) {
    this.reader = reader;
    this.vocabulary = vocabulary;
    ids = vocabulary.ids;
    featureWeights = vocabulary.weights;
    this.blockWeights = blockWeights;
  }

  /**
   * Reads an item and makes its vector; {@link #features()}, {@link #values()} and {@link
   * #length()} hold it.
   */
  void make(ItemText item) {
    reader.read(item);
    int count = reader.count();
    long[] hashes = reader.hashes();
    byte[] kinds = reader.kinds();
    prepare(count);
    ids.getAll(hashes, count, keys, found);
    length = 0;
    int mask = seenFeature.length - 1;
    for (int i = 0; i < count; i++) {
      int feature = found[i];
      if (feature < 0) {
        continue;
      }
      int slot = feature * 0x9E3779B9 >>> 7 & mask;
      while (seenStamp[slot] == stamp && seenFeature[slot] != feature) {
        slot = (slot + 1) & mask;
      }
      if (seenStamp[slot] == stamp) {
        counts[seenAt[slot]]++;
      } else {
        seenStamp[slot] = stamp;
        seenFeature[slot] = feature;
        seenAt[slot] = length;
        features[length] = feature;
        counts[length] = 1;
        blocks[length] = (byte) BLOCK_OF_KIND[kinds[i]];
        length++;
      }
    }
    Arrays.fill(squares, 0);
    for (int i = 0; i < length; i++) {
      float value = featureWeights[features[i]] * LOG_TF[Math.min(counts[i], LOG_TF.length - 1)];
      values[i] = value;
      squares[blocks[i]] += value * value;
    }
    normalise();
  }

  /**
   * Takes a row made before (its last entry is the bias input, left out), drops features and
   * normalises again.
   */
  int makeFromRow(SparseRows rows, int row, boolean[] known) {
    int from = rows.start(row);
    int to = rows.end(row) - 1;
    prepare(to - from);
    int[] rowFeatures = rows.columns(row);
    float[] rowValues = rows.values(row);
    length = 0;
    Arrays.fill(squares, 0);
    for (int at = from; at < to; at++) {
      int feature = rowFeatures[at];
      if (known[feature]) {
        int block = BLOCK_OF_KIND[vocabulary.kind(feature)];
        features[length] = feature;
        values[length] = rowValues[at];
        blocks[length++] = (byte) block;
        squares[block] += rowValues[at] * rowValues[at];
      }
    }
    normalise();
    return length;
  }

  private void normalise() {
    for (int block = 0; block < BLOCKS; block++) {
      squares[block] =
          squares[block] > 0 ? blockWeights[block] / (float) Math.sqrt(squares[block]) : 0;
    }
    for (int i = 0; i < length; i++) {
      values[i] *= squares[blocks[i]];
    }
  }

  private void prepare(int count) {
    if (count * 2 > seenFeature.length) {
      int size = Integer.highestOneBit(count * 2) * 2;
      seenFeature = new int[size];
      seenAt = new int[size];
      seenStamp = new int[size];
      stamp = 0;
    }
    if (count > features.length) {
      int size = Math.max(count, features.length * 2);
      keys = new long[size];
      found = new int[size];
      features = new int[size];
      counts = new int[size];
      blocks = new byte[size];
      values = new float[size];
    }
    stamp++;
    if (stamp == Integer.MAX_VALUE) {
      Arrays.fill(seenStamp, 0);
      stamp = 1;
    }
  }

  int[] features() {
    return features;
  }

  float[] values() {
    return values;
  }

  int length() {
    return length;
  }

  FeatureReader reader() {
    return reader;
  }
}
