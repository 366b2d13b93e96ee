package io.kailash.projection;

import io.kailash.platform.OwnConnections;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/** Takes turns at a target beside its relay, wherever that runs. */
final class TurnTaker implements AutoCloseable {
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(2);

  private final Connection own;
  private final String target;

  TurnTaker(OwnConnections connections, String target) {
    this.target = target;
    try {
      own = connections.open("turns at " + target, LONGEST_WAIT);
    } catch (SQLException failure) {
      throw new TargetDownException("the tables cannot be reached", failure);
    }
  }

  /** Waits until nobody else writes the target, and runs {@code write} then. */
  void take(Runnable write) {
    try {
      Ledger.takeTurn(own, target);
      try {
        write.run();
      } finally {
        Ledger.endTurn(own, target);
      }
    } catch (SQLException failure) {
      throw new TargetDownException("the turn at the target was lost", failure);
    }
  }

  @Override
  public void close() {
    try {
      own.close();
    } catch (SQLException failure) {
      throw new TargetDownException("the tables cannot be reached", failure);
    }
  }
}
