package io.kailash.jobs;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.kailash.platform.Json;
import io.kailash.platform.LiveFeed;
import io.kailash.platform.Periodic;
import io.kailash.platform.ProblemException;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Tells those who watch a job of every change, whichever instance runs it: the jobs that somebody
 * watches here are read a few times a second, all at once. Who reads slowly gets fewer of the
 * changes, the last one always. What has changed on this instance goes to the live feed, too.
 */
@Singleton
class JobEvents {
  private static final Logger LOG = Logger.getLogger(JobEvents.class.getName());
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(250);
  private static final Duration BETWEEN_SIGNS_OF_LIFE = Duration.ofSeconds(15);
  private static final Duration LONGEST_SEND = Duration.ofSeconds(30);
  private static final int MOST_CHANGES = 10_000;

  private final Jobs jobs;
  private final JobFiles files;
  private final LiveFeed feed;
  private final Clock clock;
  private final int most;
  private final Set<Watch> watches = ConcurrentHashMap.newKeySet();
  private final Set<UUID> changedHere = ConcurrentHashMap.newKeySet();
  private ExecutorService senders;

  @Resource ManagedThreadFactory threads;

  @Inject
  JobEvents(Jobs jobs, JobFiles files, LiveFeed feed, Clock clock, JobSettings settings) {
    this.jobs = jobs;
    this.files = files;
    this.feed = feed;
    this.clock = clock;
    most = settings.watchers();
  }

  void start(JobSignals signals, Periodic periodic) {
    senders =
        new ThreadPoolExecutor(0, most, 30, TimeUnit.SECONDS, new SynchronousQueue<>(), threads);
    signals.onChange(
        id -> {
          if (changedHere.size() < MOST_CHANGES) {
            changedHere.add(id);
          }
        });
    periodic.every(BETWEEN_LOOKS, "news of jobs", this::tell);
  }

  /**
   * Sends what the job is like now, every change, and ends when the job has ended.
   *
   * @throws ProblemException 404 for no such job, 503 where too many watch already
   */
  void watch(UUID id, SseEventSink sink, Sse sse) {
    Job now = jobs.find(id).orElseThrow(() -> ProblemException.notFound("job", id.toString()));
    if (watches.size() >= most) {
      throw ProblemException.unavailable(
          "as many watch jobs as allowed (setting kailash.jobs.watchers)", 5);
    }
    Watch watch = new Watch(id, sink, sse);
    watches.add(watch);
    watch.offer(JobAnswer.of(now, files.of(id)), clock.instant());
  }

  private void tell() {
    Set<UUID> wanted = new HashSet<>();
    watches.forEach(watch -> wanted.add(watch.id));
    Set<UUID> changed = Set.copyOf(changedHere);
    changedHere.removeAll(changed);
    Set<UUID> read = new HashSet<>(wanted);
    read.addAll(changed);
    if (read.isEmpty()) {
      return;
    }
    Map<UUID, Job> found = new HashMap<>();
    jobs.find(read).forEach(job -> found.put(job.id(), job));
    for (UUID id : changed) {
      if (found.containsKey(id)) {
        feed.publish(LiveFeed.JOBS, id.toString(), JobAnswer.of(found.get(id), null));
      }
    }
    Instant now = clock.instant();
    Map<UUID, List<JobFiles.Stored>> filesOf = new HashMap<>();
    for (Watch watch : watches) {
      Job job = found.get(watch.id);
      if (job == null) {
        watch.end();
      } else {
        watch.offer(JobAnswer.of(job, filesOf.computeIfAbsent(watch.id, files::of)), now);
      }
    }
  }

  /** One who watches one job. */
  private final class Watch {
    private final UUID id;
    private final SseEventSink sink;
    private final Sse sse;
    private JobAnswer last;
    private Instant lastSent = Instant.MIN;
    private Instant sendingSince;

    Watch(UUID id, SseEventSink sink, Sse sse) {
      this.id = id;
      this.sink = sink;
      this.sse = sse;
    }

    /** Never waits: while a former event is on its way, this one is left to the next look. */
    private synchronized void offer(JobAnswer answer, Instant now) {
      if (sendingSince != null) {
        if (sendingSince.plus(LONGEST_SEND).isBefore(now)) {
          end();
        }
        return;
      }
      if (sink.isClosed()) {
        end();
        return;
      }
      boolean news = !answer.equals(last);
      if (!news && lastSent.plus(BETWEEN_SIGNS_OF_LIFE).isAfter(now)) {
        return;
      }
      last = answer;
      lastSent = now;
      sendingSince = now;
      senders.execute(() -> send(news ? event(answer) : sign(), answer.endedAt() != null));
    }

    private OutboundSseEvent event(JobAnswer answer) {
      try {
        return sse.newEventBuilder()
            .name(answer.endedAt() == null ? "progress" : "ended")
            .data(Json.MAPPER.writeValueAsString(answer))
            .build();
      } catch (JsonProcessingException impossible) {
        throw new IllegalStateException(impossible);
      }
    }

    private OutboundSseEvent sign() {
      return sse.newEventBuilder().comment("still here").build();
    }

    private void send(OutboundSseEvent event, boolean ended) {
      try {
        sink.send(event).toCompletableFuture().join();
      } catch (RuntimeException gone) {
        LOG.log(Level.FINE, "one who watched job " + id + " is gone", gone);
        end();
        return;
      }
      synchronized (this) {
        sendingSince = null;
      }
      if (ended) {
        end();
      }
    }

    private void end() {
      watches.remove(this);
      sink.close();
    }
  }

  @PreDestroy
  void stop() {
    watches.forEach(Watch::end);
    if (senders != null) {
      senders.shutdownNow();
    }
  }
}
