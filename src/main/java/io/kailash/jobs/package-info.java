/**
 * Background work that survives a crash.
 *
 * <p>The way through it: a room submits work of its kind to {@link io.kailash.jobs.Jobs}, which
 * writes the job and its place in the queue in the caller's transaction; work whose number is
 * limited gets its place when its turn has come. {@code JobWorker} lets any instance take a place
 * and run the room's {@link io.kailash.jobs.JobKind}, which reports through its {@link
 * io.kailash.jobs.JobRun}, notes where to go on, and writes {@link io.kailash.jobs.JobFiles};
 * callers watch by {@code GET /api/v1/jobs/{id}} and {@code …/events}.
 *
 * <p>What must hold: this room knows no kind of work by name. Work may be begun again after a
 * crash, so a kind goes on from its checkpoint or begins anew. A run whose place another has taken
 * can change nothing of the job any more: each statement names the run's number. A job ends in
 * exactly one of succeeded, failed, cancelled and dead, and says why. What is over goes after a
 * while, with its files.
 */
package io.kailash.jobs;
