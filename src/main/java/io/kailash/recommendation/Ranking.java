package io.kailash.recommendation;

import io.kailash.recommendation.model.Fused;
import io.kailash.recommendation.model.Source;
import io.kailash.recommendation.sources.Found.Why;
import java.util.List;
import java.util.Map;

/**
 * Candidates, best first, without an object for each: thousands of these are kept in memory. Scores
 * are shares of the best one, from 0 to 1.
 */
final class Ranking {
  private static final Source[] SOURCES = Source.values();
  private static final Why[] WHYS = Why.values();
  private static final byte NOBODY_KNOWS = -1;

  private final String[] skus;
  private final String[] because;
  private final float[] scores;
  private final float[] shares;
  private final byte[] leading;
  private final byte[] whys;

  /**
   * @param fused best first
   * @param whys what connects an item of the graph with the one that speaks for it
   */
  Ranking(List<Fused> fused, Map<String, Why> whys) {
    int count = fused.size();
    skus = new String[count];
    because = new String[count];
    scores = new float[count];
    shares = new float[count * SOURCES.length];
    leading = new byte[count];
    this.whys = new byte[count];
    double best = fused.isEmpty() ? 1 : fused.get(0).score();
    for (int i = 0; i < count; i++) {
      Fused one = fused.get(i);
      skus[i] = one.item();
      because[i] = one.because();
      scores[i] = (float) (one.score() / best);
      leading[i] = (byte) one.leading().ordinal();
      Why why =
          switch (one.leading()) {
            case GRAPH -> whys.get(one.item());
            case TEXT -> Why.SIMILAR;
            case BEHAVIOUR, POPULAR -> null;
          };
      this.whys[i] = why == null ? NOBODY_KNOWS : (byte) why.ordinal();
      for (Source source : SOURCES) {
        shares[i * SOURCES.length + source.ordinal()] = (float) one.share(source);
      }
    }
  }

  int size() {
    return skus.length;
  }

  String sku(int place) {
    return skus[place];
  }

  Candidate candidate(int place) {
    float[] own = new float[SOURCES.length];
    System.arraycopy(shares, place * SOURCES.length, own, 0, own.length);
    return new Candidate(
        skus[place],
        scores[place],
        because[place],
        whys[place] == NOBODY_KNOWS ? null : WHYS[whys[place]],
        SOURCES[leading[place]],
        own);
  }
}
