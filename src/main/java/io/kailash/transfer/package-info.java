/**
 * Data by the million, in and out: uploads, exports, and classification of whole batches.
 *
 * <p>The way through it: one package per way, {@link io.kailash.transfer.batch} among them; what
 * takes longer than a request is a job of the room {@code jobs}.
 *
 * <p>What must hold: nothing is whole in memory that has no limit; what is wrong is named by its
 * line and stops nothing else; a kill in the middle loses nothing and doubles nothing.
 */
package io.kailash.transfer;
