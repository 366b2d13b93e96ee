package io.kailash.recommendation.sources;

/**
 * An item that a source recommends.
 *
 * @param score larger is better; comparable within one source only
 * @param because the item that speaks for it
 * @param why what connects the two
 */
public record Found(String sku, double score, String because, Why why) {
  /** What connects an item with the one that speaks for it. */
  public enum Why {
    /** The same people bought both. */
    BOUGHT_WITH,
    /** Linked by what was bought with what, over several steps. */
    NEAR,
    /** Same category and brand. */
    SAME_BRAND,
    /** Same category. */
    SAME_CATEGORY,
    /** Similar text. */
    SIMILAR
  }
}
