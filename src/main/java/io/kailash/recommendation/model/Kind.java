package io.kailash.recommendation.model;

/** What somebody did with an item. */
public enum Kind {
  VIEW,
  CART,
  PURCHASE,
  RATING,
  DISMISSAL
}
