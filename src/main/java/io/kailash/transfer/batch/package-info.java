/**
 * Classifies many items at once.
 *
 * <p>The way through it: {@link io.kailash.transfer.batch.BatchResource} takes items as NDJSON or a
 * JSON array. Up to a set size they are read whole, cut into {@code BatchLine}s and answered by
 * {@code BatchStream}: a few threads classify, and each answer leaves as it is done, at the pace of
 * the reader. Larger ones, files and stored selections become a job of the kind {@code BatchJob},
 * which writes a result file of as many lines as there were items, in their order.
 *
 * <p>What must hold: every item is answered once, by an answer or by its own problem; a wrong line
 * stops no other. A job's chunk, its decisions and its checkpoint commit together, so that after a
 * kill each line is there once. Never more than a few chunks of a batch are in memory beside its
 * input.
 */
package io.kailash.transfer.batch;
