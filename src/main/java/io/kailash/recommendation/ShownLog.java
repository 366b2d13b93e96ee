package io.kailash.recommendation;

import io.kailash.platform.CopyBinary;
import io.kailash.platform.Settings;
import io.kailash.platform.WriteBehind;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.eclipse.microprofile.metrics.MetricRegistry;

/** Writes what was shown off the request. Only feedback is an acknowledged write. */
@Singleton
class ShownLog {
  private static final WriteBehind.Table TABLE =
      new WriteBehind.Table(
          "recommendation_shown",
          "id, at, user_id, strategy, experiment_id, arm, items",
          "kailash_recommendations_shown",
          "Shown recommendations");
  private static final int BATCH = 5_000;

  private final RecommendationSettings settings;
  private final Clock clock;
  private final WriteBehind<Shown> log;

  @Resource ManagedThreadFactory threads;

  /** What was shown to whom; user, experiment and arm may be null. */
  record Shown(
      UUID id,
      Instant at,
      String user,
      String strategy,
      Long experimentId,
      String arm,
      List<String> items) {}

  @Inject
  ShownLog(DataSource database, Clock clock, Settings settings, MetricRegistry figures) {
    this.clock = clock;
    this.settings = RecommendationSettings.read(settings);
    log =
        new WriteBehind<>(
            database, TABLE, this.settings.logCapacity(), BATCH, figures, ShownLog::write);
  }

  /** Takes note; never waits. */
  void add(Shown shown) {
    log.add(shown);
  }

  void start() {
    log.start(threads);
  }

  private static void write(Shown shown, CopyBinary rows) {
    rows.uuid(shown.id())
        .time(shown.at())
        .text(shown.user())
        .text(shown.strategy())
        .bigint(shown.experimentId())
        .text(shown.arm())
        .texts(shown.items());
  }

  /** Removes what is older than the retention. */
  void removeOld() {
    log.removeBefore(clock.instant().minus(settings.shownRetention()));
  }

  /** Waits until everything noted so far is written, at most {@code millis}. */
  void settle(long millis) throws InterruptedException {
    log.settle(millis);
  }

  @PreDestroy
  void stop() {
    log.stop();
  }
}
