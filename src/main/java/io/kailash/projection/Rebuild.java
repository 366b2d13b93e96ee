package io.kailash.projection;

import io.kailash.jobs.JobCancelledException;
import io.kailash.jobs.JobFailedException;
import io.kailash.jobs.JobKind;
import io.kailash.jobs.JobRun;
import io.kailash.platform.OwnConnections;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/**
 * Writes one target anew from the tables, as a background job; its subject is the target's name.
 * Changes go on being carried meanwhile: the rebuild and the relay take turns, and each reads the
 * tables in its own turn, so whoever writes last writes what is newest.
 */
@Singleton
class Rebuild implements JobKind {
  static final String KIND = "rebuild";

  private final Targets targets;
  private final OwnConnections connections;
  private final Ledger ledger;

  @Inject
  Rebuild(Targets targets, OwnConnections connections, Ledger ledger) {
    this.targets = targets;
    this.connections = connections;
    this.ledger = ledger;
  }

  @Override
  public String name() {
    return KIND;
  }

  @Override
  public boolean pausable() {
    return false;
  }

  @Override
  public Object run(JobRun run) {
    Projector projector =
        targets
            .find(run.subject())
            .orElseThrow(
                () -> new JobFailedException("there is no target '" + run.subject() + "' here"));
    try (TurnTaker turns = new TurnTaker(connections, projector.target())) {
      projector.rebuild(
          new Projector.Turns() {
            @Override
            public void take(Runnable write) {
              turns.take(write);
            }

            @Override
            public void at(String phase, double fractionDone) {
              run.progress(phase, fractionDone);
              if (run.cancelled()) {
                throw new JobCancelledException();
              }
            }
          });
    } catch (TargetDownException down) {
      throw new JobFailedException(down.getMessage(), down);
    }
    ledger.rebuilt(projector.target());
    return null;
  }
}
