package io.kailash.projection;

import io.kailash.access.AuditLog;
import io.kailash.jobs.Jobs;
import io.kailash.platform.OutboxEvent;
import io.kailash.platform.OwnConnections;
import io.kailash.platform.ProblemException;
import io.kailash.platform.StoreWatch;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What people have done with the targets: a check, a rebuild, another try. */
@Singleton
class Upkeep {
  private static final int RETRY_AFTER_SECONDS = 5;

  private final Targets targets;
  private final Ledger ledger;
  private final OwnConnections connections;
  private final StoreWatch watch;
  private final Jobs jobs;
  private final AuditLog audit;
  private final Clock clock;

  @Inject
  Upkeep(
      Targets targets,
      Ledger ledger,
      OwnConnections connections,
      StoreWatch watch,
      Jobs jobs,
      AuditLog audit,
      Clock clock) {
    this.targets = targets;
    this.ledger = ledger;
    this.connections = connections;
    this.watch = watch;
    this.jobs = jobs;
    this.audit = audit;
    this.clock = clock;
  }

  /**
   * What a check has found.
   *
   * @param same whether every part is as the tables say
   */
  record Checked(String target, boolean same, long tookMillis, List<Comparison> parts) {}

  /**
   * What came of another try.
   *
   * @param reason why it was refused again; null where it was taken
   */
  record Retried(long id, boolean taken, String reason) {}

  Checked check(String target, int named) {
    Projector projector = reachable(target);
    Instant began = clock.instant();
    try {
      List<Comparison> parts = projector.differences(named);
      return new Checked(
          target,
          parts.stream().allMatch(Comparison::same),
          Duration.between(began, clock.instant()).toMillis(),
          parts);
    } catch (TargetDownException down) {
      throw unavailable(down);
    }
  }

  @Transactional
  UUID rebuild(String target, String actor) {
    UUID job = jobs.submit(Rebuild.KIND, targets.require(target).target(), Map.of(), actor);
    audit.record(actor, "projection.rebuild", target, Map.of("job", job.toString()));
    return job;
  }

  Retried retry(String target, String id, String actor) {
    Projector projector = reachable(target);
    long number = number(id);
    OutboxEvent event =
        ledger
            .aside(target, number)
            .orElseThrow(() -> ProblemException.notFound("set-aside change of " + target, id));
    try (TurnTaker turns = new TurnTaker(connections, target)) {
      turns.take(() -> projector.apply(List.of(event)));
    } catch (TargetDownException down) {
      throw unavailable(down);
    } catch (RuntimeException refused) {
      String reason = OutboxRelay.reason(refused);
      ledger.tried(actor, target, number, reason);
      return new Retried(number, false, reason);
    }
    ledger.tried(actor, target, number, null);
    return new Retried(number, true, null);
  }

  private Projector reachable(String target) {
    Projector projector = targets.require(target);
    projector
        .store()
        .map(watch::state)
        .filter(state -> !state.reachable())
        .ifPresent(
            state -> {
              throw ProblemException.unavailable(
                  state.store() + " " + state.trouble().orElse("does not answer"),
                  RETRY_AFTER_SECONDS);
            });
    return projector;
  }

  private static ProblemException unavailable(TargetDownException down) {
    return ProblemException.unavailable(down.getMessage(), RETRY_AFTER_SECONDS);
  }

  private static long number(String id) {
    try {
      return Long.parseLong(id);
    } catch (NumberFormatException notOurs) {
      throw ProblemException.notFound("set-aside change", id);
    }
  }
}
