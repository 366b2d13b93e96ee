package io.kailash.projection;

import io.kailash.platform.Periodic;
import io.kailash.platform.Settings;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.metrics.Metadata;
import org.eclipse.microprofile.metrics.MetricRegistry;
import org.eclipse.microprofile.metrics.Tag;

/** How far the derived stores are behind the tables. The door of this room. */
@Singleton
public class Projections {
  private static final Duration REFRESH = Duration.ofSeconds(1);

  private final List<String> targets;
  private final Ledger ledger;
  private final OutboxPartitions partitions;
  private final ProjectionSettings settings;
  private final MetricRegistry registry;
  private final Clock clock;
  private volatile List<TargetState> states = List.of();

  @Inject
  Projections(
      Targets targets,
      Ledger ledger,
      OutboxPartitions partitions,
      Settings settings,
      MetricRegistry registry,
      Clock clock) {
    this.targets = targets.names();
    this.ledger = ledger;
    this.partitions = partitions;
    this.settings = ProjectionSettings.read(settings);
    this.registry = registry;
    this.clock = clock;
  }

  /**
   * A derived store and how far it is.
   *
   * @param state {@code current}, {@code behind}, {@code waiting} (nobody carries it) or {@code
   *     troubled}
   * @param trouble what is wrong; null where nothing is
   * @param lagSeconds age of the oldest change that it has not taken; 0 where it has all
   * @param pending changes it has not taken
   * @param setAside changes that it refused and that wait for somebody
   */
  public record TargetState(
      String target,
      String state,
      String trouble,
      Instant troubledSinceAt,
      double lagSeconds,
      long pending,
      long setAside,
      String carriedBy,
      Instant carriedSinceAt,
      Instant rebuiltAt) {}

  /** All targets as they were about a second ago. Never waits for a store. */
  public List<TargetState> states() {
    return states;
  }

  /** Begins: a place for each target, its figures, the outbox's tables. */
  void start(Periodic periodic) {
    targets.forEach(ledger::register);
    partitions.keep(settings.retention(), targets);
    refresh();
    for (String target : targets) {
      Tag tag = new Tag("target", target);
      registry.gauge(
          described(
              "kailash_projection_lag_seconds",
              "Age of the oldest change that a derived store has not taken."),
          () -> of(target).map(TargetState::lagSeconds).orElse(0.0),
          tag);
      registry.gauge(
          described(
              "kailash_projection_pending", "Changes that a derived store has not taken yet."),
          () -> of(target).map(TargetState::pending).orElse(0L),
          tag);
      registry.gauge(
          described(
              "kailash_projection_set_aside",
              "Changes that a derived store refused and that wait for somebody."),
          () -> of(target).map(TargetState::setAside).orElse(0L),
          tag);
    }
    periodic.every(REFRESH, "figures of the derived stores", this::refresh);
    periodic.every(
        Duration.ofMinutes(10),
        "upkeep of the outbox",
        () -> partitions.keep(settings.retention(), targets));
  }

  private Optional<TargetState> of(String target) {
    return states.stream().filter(state -> state.target().equals(target)).findFirst();
  }

  /** The same as {@link #states}, asked now. */
  List<TargetState> refresh() {
    Instant now = clock.instant();
    List<TargetState> read = new ArrayList<>();
    for (Ledger.Standing standing : ledger.standings()) {
      if (!targets.contains(standing.target())) {
        continue;
      }
      double lag =
          standing.oldest() == null
              ? 0
              : Math.max(0, Duration.between(standing.oldest(), now).toMillis() / 1e3);
      String state = standing.pending() == 0 ? "current" : "behind";
      if (standing.trouble() != null) {
        state = "troubled";
      }
      if (!standing.held()) {
        state = "waiting";
      }
      read.add(
          new TargetState(
              standing.target(),
              state,
              standing.trouble(),
              standing.troubleSince(),
              lag,
              standing.pending(),
              standing.setAside(),
              standing.holder(),
              standing.holderSince(),
              standing.rebuiltAt()));
    }
    states = List.copyOf(read);
    return states;
  }

  private static Metadata described(String name, String description) {
    return Metadata.builder().withName(name).withDescription(description).build();
  }
}
