/**
 * Texts as vectors, and which vectors are near each other.
 *
 * <p>The way through it: {@link io.kailash.similarity.Embeddings} turns a text into a vector by a
 * sentence model that runs in this process; {@link io.kailash.similarity.VectorStore} keeps vectors
 * in collections and finds the nearest. Behind it is ChromaDB or Lucene, as {@link
 * io.kailash.platform.VectorSettings} says; both pass the same contract.
 *
 * <p>What must hold: nothing here is the only copy of anything, so whatever uses it goes on without
 * it and says so; the same text gives the same vector on every instance, which is why texts are
 * embedded one by one and not in batches, that change the vectors a little; no search waits for a
 * store that is known to be lost.
 *
 * <p>Embeddings are kept in memory and in the vector store, and nowhere else: an entry tells the
 * version it was made from, so that after a loss only what is missing is embedded again, at little
 * more than a millisecond of a processor's time each.
 */
package io.kailash.similarity;
