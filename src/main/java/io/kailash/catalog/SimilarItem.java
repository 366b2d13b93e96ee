package io.kailash.catalog;

import com.fasterxml.jackson.annotation.JsonUnwrapped;

/**
 * An item that was found by its meaning.
 *
 * @param similarity cosine between it and what was looked for, at most 1
 */
record SimilarItem(@JsonUnwrapped Item item, double similarity) {}
