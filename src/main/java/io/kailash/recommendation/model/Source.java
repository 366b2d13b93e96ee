package io.kailash.recommendation.model;

/** Where candidates for a recommendation come from. */
public enum Source {
  /** What users with a similar history went on to, as learnt by training. */
  BEHAVIOUR,
  /** Bought together, same category, same brand. */
  GRAPH,
  /** Items whose text means something similar. */
  TEXT,
  /** What many users turn to at present. */
  POPULAR
}
