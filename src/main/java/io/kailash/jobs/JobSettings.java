package io.kailash.jobs;

import io.kailash.platform.Settings;
import java.time.Duration;

/**
 * Settings of this room.
 *
 * @param threads jobs that one instance runs at the same time, {@code kailash.jobs.threads}
 * @param polling how often an instance looks for work of others; its own it sees at once, {@code
 *     kailash.jobs.polling}
 * @param heartbeat how often an instance says that it lives; after four missed ones its jobs go on
 *     elsewhere, {@code kailash.jobs.heartbeat}
 * @param mostLosses how many instances may die over one job before it is dead itself, {@code
 *     kailash.jobs.most-losses}
 * @param retention how long a job that is over is kept, with its files, {@code
 *     kailash.jobs.retention}
 * @param watchers who may watch jobs as server-sent events on one instance, {@code
 *     kailash.jobs.watchers}
 */
record JobSettings(
    int threads,
    Duration polling,
    Duration heartbeat,
    int mostLosses,
    Duration retention,
    int watchers) {

  static JobSettings read(Settings settings) {
    return new JobSettings(
        settings.wholeNumber("kailash.jobs.threads", 8, 1, 64),
        settings.duration("kailash.jobs.polling", Duration.ofMillis(500)),
        settings.duration("kailash.jobs.heartbeat", Duration.ofSeconds(3)),
        settings.wholeNumber("kailash.jobs.most-losses", 10, 1, 1000),
        settings.duration("kailash.jobs.retention", Duration.ofDays(7)),
        settings.wholeNumber("kailash.jobs.watchers", 200, 1, 10_000));
  }
}
