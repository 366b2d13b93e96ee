package io.kailash.projection;

import io.kailash.platform.OutboxEvent;
import io.kailash.platform.OwnConnections;
import io.kailash.platform.StoreState;
import io.kailash.platform.StoreWatch;
import io.kailash.projection.Ledger.Place;
import io.kailash.projection.Ledger.Row;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Carries changes from the outbox to one target, on a thread of its own, so that a target that is
 * down or slow holds up no other.
 *
 * <p>Of all instances one carries a target: the one whose connection holds the lock. When it dies,
 * PostgreSQL ends its session and another gets the lock at its next try, within a second. What is
 * carried is marked as passed after the target has it, so a crash in between carries it again;
 * projectors bear that.
 *
 * <p>A store that each instance has for itself is carried to by each instance, from the state of
 * the tables at its start.
 *
 * <p>A target that is down is tried again, ever more slowly. A change that the target refuses while
 * it takes others is tried again a number of times, then set aside so that the rest can go on.
 */
final class OutboxRelay implements Runnable {
  private static final Logger LOG = Logger.getLogger(OutboxRelay.class.getName());
  private static final Duration BETWEEN_TRIES_TO_LEAD = Duration.ofSeconds(1);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

  /** Between two batches while a large file comes in: what gathers is carried when it is there. */
  private static final Duration PAUSE_FOR_FILES = Duration.ofSeconds(10);

  private static final Duration LONGEST_ANSWER = Duration.ofSeconds(60);

  private final Projector projector;
  private final Ledger ledger;
  private final OwnConnections connections;
  private final StoreWatch watch;
  private final ProjectionSettings settings;
  private final BooleanSupplier fileUnderWay;
  private final String instance;
  private final Runnable rebuild;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean woken;
  private boolean stopped;

  private boolean prepared;

  /** How far a store of this instance's own is; null before it was first compared. */
  private Place ownPlace;

  private Duration pause = FIRST_PAUSE;
  private long refusedPosition = -1;
  private int refusals;

  /**
   * Carries nothing until it is run.
   *
   * @param fileUnderWay whether this process takes in a large file, to which the processors are
   *     left
   * @param instance how this process is shown
   * @param rebuild asks for a rebuild of the target
   */
  OutboxRelay(
      Projector projector,
      Ledger ledger,
      OwnConnections connections,
      StoreWatch watch,
      ProjectionSettings settings,
      BooleanSupplier fileUnderWay,
      String instance,
      Runnable rebuild) {
    this.projector = projector;
    this.ledger = ledger;
    this.connections = connections;
    this.watch = watch;
    this.settings = settings;
    this.fileUnderWay = fileUnderWay;
    this.instance = instance;
    this.rebuild = rebuild;
  }

  /** There may be something to carry. */
  void wake() {
    lock.lock();
    try {
      woken = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void stop() {
    lock.lock();
    try {
      stopped = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void run() {
    boolean lost = false;
    while (!isStopped()) {
      try (Connection own = connections.open("relay " + projector.target(), LONGEST_ANSWER)) {
        lost = false;
        if (projector.isOfEachInstance()) {
          Ledger.leadAmongOthers(own, projector.target());
          carry(own);
        } else if (Ledger.lead(own, projector.target())) {
          carry(own);
        }
      } catch (SQLException | RuntimeException failure) {
        // Leadership went with the connection; what was under way is carried again.
        LOG.log(
            lost ? Level.FINE : Level.WARNING,
            failure,
            () -> "the relay of " + projector.target() + " has no place and tries to get one");
        lost = true;
      }
      await(BETWEEN_TRIES_TO_LEAD, false);
    }
  }

  private void carry(Connection own) throws SQLException {
    String target = projector.target();
    LOG.log(Level.INFO, "changes for {0} are carried by this instance now", target);
    Ledger.nameHolder(own, target, projector.isOfEachInstance() ? "each instance" : instance);
    prepared = false;
    boolean troubled = true;
    while (!isStopped()) {
      try {
        boolean more = turn(own);
        if (troubled) {
          Ledger.trouble(own, target, null);
          troubled = false;
        }
        pause = FIRST_PAUSE;
        if (!more) {
          await(settings.poll(), true);
        } else if (fileUnderWay.getAsBoolean()) {
          await(PAUSE_FOR_FILES, false);
        }
      } catch (TargetDownException down) {
        // Not at once: right after a start no store has been asked yet.
        if (pause.equals(FIRST_PAUSE.multipliedBy(8))) {
          LOG.log(
              Level.WARNING,
              "{0} takes no changes: {1}; they wait",
              new Object[] {target, down.getMessage()});
        }
        troubled = true;
        prepared = false;
        Ledger.trouble(own, target, down.getMessage());
        slowDown();
      } catch (RefusedException refused) {
        troubled = true;
        Ledger.trouble(own, target, refused.getMessage());
        slowDown();
      }
    }
  }

  /** Carries what is next; returns whether there may be more. */
  private boolean turn(Connection own) throws SQLException {
    requireReachable();
    if (!prepared) {
      prepare(own);
    }
    String target = projector.target();
    Place place = projector.isOfEachInstance() ? ownPlace : Ledger.place(own, target);
    List<Row> rows = ledger.after(own, place, settings.batch());
    if (rows.isEmpty()) {
      return false;
    }
    Ledger.takeTurn(own, target);
    try {
      carry(own, rows);
    } finally {
      Ledger.endTurn(own, target);
    }
    return rows.size() == settings.batch();
  }

  private void prepare(Connection own) throws SQLException {
    // What belongs to this process alone is filled by preparing it.
    boolean empty = projector.store().isPresent() && Ledger.neverFilled(own, projector.target());
    // What comes before is in the tables, with which a store of this instance is compared now.
    Place before = projector.isOfEachInstance() && ownPlace == null ? Ledger.settled(own) : null;
    Ledger.takeTurn(own, projector.target());
    try {
      empty |= projector.prepare();
    } finally {
      Ledger.endTurn(own, projector.target());
    }
    if (before != null) {
      passed(own, before);
    }
    if (empty) {
      rebuild.run();
    }
    prepared = true;
  }

  private void requireReachable() {
    Optional<StoreState> state = projector.store().map(watch::state);
    if (state.isPresent() && !state.get().reachable()) {
      throw new TargetDownException(
          state.get().store() + " " + state.get().trouble().orElse("does not answer"), null);
    }
  }

  private void carry(Connection own, List<Row> rows) throws SQLException {
    try {
      projector.apply(rows.stream().map(Row::event).toList());
      passed(own, rows);
      return;
    } catch (TargetDownException down) {
      throw down;
    } catch (RuntimeException refused) {
      LOG.log(
          Level.FINE, "one of " + rows.size() + " changes was refused; they go singly", refused);
    }
    for (Row row : rows) {
      carryAlone(own, row);
    }
  }

  private void carryAlone(Connection own, Row row) throws SQLException {
    try {
      projector.apply(List.of(row.event()));
      passed(own, List.of(row));
    } catch (TargetDownException down) {
      throw down;
    } catch (RuntimeException refused) {
      refusals = row.place().position() == refusedPosition ? refusals + 1 : 1;
      refusedPosition = row.place().position();
      String what = row.event().kind() + " at position " + refusedPosition;
      if (refusals < settings.tries()) {
        throw new RefusedException("refuses " + what + " for the " + refusals + ". time", refused);
      }
      LOG.log(
          Level.WARNING,
          refused,
          () ->
              projector.target()
                  + " has refused "
                  + what
                  + " "
                  + refusals
                  + " times; it is set aside");
      Ledger.setAside(own, projector.target(), row, refusals, reason(refused));
      ownPlace = row.place();
    }
  }

  private void passed(Connection own, List<Row> rows) throws SQLException {
    List<OutboxEvent> removed = rows.stream().map(Row::event).filter(OutboxEvent::removed).toList();
    if (!removed.isEmpty()) {
      Ledger.forget(own, projector.target(), removed);
    }
    passed(own, rows.get(rows.size() - 1).place());
  }

  /** Of stores of the instances the ledger shows where one of them is. */
  private void passed(Connection own, Place place) throws SQLException {
    ledger.passed(own, projector.target(), place);
    ownPlace = place;
  }

  /** What people are told about a refusal: no class name, one line. */
  static String reason(RuntimeException refused) {
    String message = refused.getMessage();
    return message == null
        ? "an internal error; see the log"
        : message.lines().findFirst().orElse("");
  }

  private void slowDown() {
    await(pause, false);
    Duration longer = pause.multipliedBy(2);
    pause = longer.compareTo(settings.longestPause()) > 0 ? settings.longestPause() : longer;
  }

  private boolean isStopped() {
    lock.lock();
    try {
      return stopped;
    } finally {
      lock.unlock();
    }
  }

  /** Waits; where {@code wakeable}, no longer than until there may be something to carry. */
  private void await(Duration longest, boolean wakeable) {
    lock.lock();
    try {
      long left = longest.toNanos();
      while (!stopped && left > 0 && !(wakeable && woken)) {
        left = changed.awaitNanos(left);
      }
      woken = false;
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      stopped = true;
    } finally {
      lock.unlock();
    }
  }

  /** The target takes changes, but not this one, and it will be asked again. */
  private static final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RefusedException(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
