package io.kailash.recommendation.model;

/** What a user did with an item. */
public enum Kind {
  /** Looked at it. */
  VIEW,
  /** Put it into the cart. */
  CART,
  /** Bought it. */
  PURCHASE,
  /** Rated it; {@link Interaction#value()} is the rating. */
  RATING,
  /** Said that it is not wanted: the item is not to be recommended to this user. */
  DISMISSAL
}
