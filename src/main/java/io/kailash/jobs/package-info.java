/**
 * Background work that survives a crash.
 *
 * <p>The way through it: a room submits work of its kind to {@link io.kailash.jobs.Jobs}, which
 * writes the job and its place in the queue in the caller's transaction; {@link
 * io.kailash.jobs.JobQueue} lets any instance pick it up and run the room's {@link
 * io.kailash.jobs.JobKind}, which reports through its {@link io.kailash.jobs.JobRun}; callers watch
 * by {@code GET /api/v1/jobs/{id}}.
 *
 * <p>What must hold: this room knows no kind of work by name. Work may be started again after a
 * crash, so a kind must be able to begin anew. A job ends in exactly one of succeeded, failed and
 * cancelled, and says why.
 */
package io.kailash.jobs;
