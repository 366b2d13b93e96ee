package io.kailash.projection;

import io.kailash.platform.OutboxEvent;
import java.util.List;

/**
 * What is kept in Redis about what users did last: popularity of items and histories of users. The
 * events are of kind {@code interaction}, as they are in the outbox. Failures of the connection
 * leave as {@link TargetDownException}.
 */
interface RecentStore {
  /** Forgets all of it, before it is built again. */
  void clear();

  /** Counts interactions and adds them to the histories; the same again changes nothing. */
  void add(List<OutboxEvent> seen);

  /** Counts interactions only: histories are taken over when they are asked for. */
  void count(List<OutboxEvent> seen);

  /** Forgets a user. */
  void forget(String user);
}
