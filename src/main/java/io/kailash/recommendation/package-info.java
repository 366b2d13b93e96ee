/**
 * Recommends items, and gets better at it.
 *
 * <p>The way of a request: {@link io.kailash.recommendation.RecommendResource} reads and checks it;
 * {@link io.kailash.recommendation.Recommender} reads the user's history ({@link
 * io.kailash.recommendation.RecentHistory}); {@link io.kailash.recommendation.Candidates} asks the
 * sources side by side within the time there is (the model in memory, the graph, the vector store,
 * {@link io.kailash.recommendation.Popularity}) and fuses what came; {@link
 * io.kailash.recommendation.Choice} keeps the rules with {@link
 * io.kailash.recommendation.ItemCards} and arranges it ({@link
 * io.kailash.recommendation.Arrangement}); {@link io.kailash.recommendation.Reasons} says why. What
 * did not answer is named, never waited for.
 *
 * <p>The way of learning: {@link io.kailash.recommendation.InteractionsResource} → {@link
 * io.kailash.recommendation.Interactions}, with outbox rows in the same transaction, and at once to
 * the history in Redis; training in {@code recommendation.training}; feedback on what was shown and
 * experiments in {@link io.kailash.recommendation.RecommendationsResource} and {@code
 * recommendation.experiments}.
 *
 * <p>What must hold: an item that is hidden, deleted or out of stock is not in the next answer:
 * PostgreSQL is asked about the items of every answer, at its end. An interaction counts once,
 * however often and late it comes, and for the very next answer. The learning core, {@code
 * recommendation.model}, knows nothing of all this.
 */
package io.kailash.recommendation;
