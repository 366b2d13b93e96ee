package io.kailash.recommendation.model;

/** A candidate with what each source gave it. */
public final class Fused {
  static final Source[] SOURCES = Source.values();

  private final String item;
  private final double[] shares = new double[SOURCES.length];
  private double score;
  private double most;
  private Source leading;
  private String because;

  Fused(String item) {
    this.item = item;
  }

  /** Of two scores from one source the larger counts. */
  void add(Source source, double weight, double share, String reason) {
    int place = source.ordinal();
    if (share <= shares[place]) {
      return;
    }
    score += weight * (share - shares[place]);
    shares[place] = share;
    if (weight * share > most) {
      most = weight * share;
      leading = source;
      because = reason;
    }
  }

  /** The item's id. */
  public String item() {
    return item;
  }

  /** Weighted sum of the shares. */
  public double score() {
    return score;
  }

  /** The source that adds most. */
  public Source leading() {
    return leading;
  }

  /** The item that speaks most for it, as the leading source says; null where none does. */
  public String because() {
    return because;
  }

  /** What a source gave it, as a share of the highest there, from 0 to 1. */
  public double share(Source source) {
    return shares[source.ordinal()];
  }
}
