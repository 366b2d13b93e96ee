/**
 * The learning core of the recommender: learns from what users did with items which items go
 * together, and answers with candidates for a history.
 *
 * <p>Why it exists apart from the rest of {@code recommendation}: it is plain Java without any
 * container or store, so that it can be used as a library, measured by a command and run on another
 * machine.
 *
 * <p>The way through it: {@link io.kailash.recommendation.model.RecommenderTrainer} reads {@link
 * io.kailash.recommendation.model.Interaction interactions} from an {@link
 * io.kailash.recommendation.model.InteractionSource}, learns three ways of comparing items
 * (item-kNN, implicit factorisation, and EASE while the items are few), tunes on held-out history
 * how much each counts and how much more recent items of a history count, and merges them into one
 * sparse table. {@link io.kailash.recommendation.model.RecommenderModel} answers from that table;
 * {@link io.kailash.recommendation.model.Fusion} puts its candidates together with those of other
 * sources.
 *
 * <p>What must hold: a model is immutable and safe for any number of threads; the same interactions
 * in whatever order, the same options and clock give the same bytes, with any number of threads; a
 * damaged file is refused whole; the work for an answer grows with the history and the neighbours
 * kept for each item, not with the number of items; weights are never tuned on what quality is
 * measured on.
 *
 * <h2>Files, for engines that train elsewhere</h2>
 *
 * <p><b>Interactions</b> ({@link io.kailash.recommendation.model.InteractionFile}): UTF-8, NDJSON
 * with one object a line, {@code {"user":"u1","item":"A","kind":"view|cart|purchase|rating|
 * dismissal","value":4.0,"time":"2026-01-01T00:00:00Z"}}, or the same fields as CSV with a header
 * line; value only for ratings; time as RFC 3339 or as seconds or milliseconds since 1970; either
 * may be compressed with gzip.
 *
 * <p><b>Model</b>: 8 bytes {@code KAILASHR}, a 4-byte version (1), the 8-byte length and the
 * 32-byte SHA-256 of the content, then the content as a raw deflate stream. Numbers are big-endian;
 * <i>count</i> is an unsigned number of 7 bits a byte, lowest first, the high bit telling that more
 * follow; <i>text</i> is a count of bytes and UTF-8. The content is, in this order:
 *
 * <ol>
 *   <li>end of the training: 8-byte seconds since 1970, 4-byte nanoseconds
 *   <li>digest of the training data: 2-byte length and as many ASCII characters
 *   <li>interactions and pairs (8 bytes each), users (count)
 *   <li>weights of the ways of comparing: count, then text and double of each, by name
 *   <li>recency offset: double, may be infinite
 *   <li>quality on held-out history: users, interactions (8 bytes each), Recall@20, NDCG@10,
 *       coverage, novelty (doubles)
 *   <li>items: count, then the id of each as text; their order gives the numbers used below
 *   <li>popular items, most popular first: count, then number (count) and score (float) of each
 *   <li>weights of the fusion: count, then name of the source (text) and double of each
 *   <li>how many items of a history are used (count); weights of view, cart, purchase, lowest and
 *       highest rating, ends of the rating scale (doubles)
 *   <li>for each item the number of similar items (count) and, if that is not 0, the highest score
 *       (float)
 *   <li>for each item the numbers of its similar items, ascending: the first, then differences
 *       (counts)
 *   <li>for each of these its score as 2-byte parts of the row's highest, 65 535 being the whole
 * </ol>
 */
package io.kailash.recommendation.model;
