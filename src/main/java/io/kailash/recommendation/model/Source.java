package io.kailash.recommendation.model;

/** Where a recommendation can come from. */
public enum Source {
  BEHAVIOUR,
  GRAPH,
  TEXT,
  POPULAR
}
