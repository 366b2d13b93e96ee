/**
 * Where recommendations can come from, and what keeps one source in trouble from holding up the
 * answer.
 *
 * <p>{@link io.kailash.recommendation.sources.GraphSource} and {@link
 * io.kailash.recommendation.sources.TextSource} ask a store for the neighbours of items and keep
 * them in memory ({@link io.kailash.recommendation.sources.Neighbours}): an answer waits for a
 * store only where it knows nothing of an item, and what is old is read anew beside it. Whatever
 * may be slow runs behind a {@link io.kailash.recommendation.sources.Guard}: threads of its own,
 * bounded, a {@link io.kailash.recommendation.sources.Breaker}, and a caller who waits no longer
 * than it can.
 */
package io.kailash.recommendation.sources;
