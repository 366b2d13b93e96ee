package io.kailash.recommendation;

import io.kailash.platform.Outbox;
import io.kailash.platform.ProblemException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.List;
import java.util.UUID;

/**
 * Adds interactions from files of any size: each is checked by itself and they are added in chunks,
 * each part of the caller's transaction with its outbox rows. One that is there already is left as
 * it is.
 */
@Singleton
public class BulkInteractions {
  private final Interactions interactions;
  private final Outbox outbox;
  private final Clock clock;

  @Inject
  BulkInteractions(Interactions interactions, Outbox outbox, Clock clock) {
    this.interactions = interactions;
    this.outbox = outbox;
    this.clock = clock;
  }

  /** An interaction that was checked. */
  public static final class Ready {
    private final InteractionDraft.Checked checked;

    private Ready(InteractionDraft.Checked checked) {
      this.checked = checked;
    }
  }

  /**
   * Checks one.
   *
   * @param event as an export gives it, for one that was stored before; else null
   * @param id the sender's own, or null
   * @param value of a rating, else null
   * @param at RFC 3339; may be left out only where there is an id, because without either a file
   *     that is sent again would count again
   * @throws ProblemException 422 with every offending field
   */
  public Ready checked(
      String event, String id, String user, String sku, String kind, Double value, String at) {
    if (id == null && at == null) {
      throw ProblemException.invalid("/at", "is missing, and there is no id either");
    }
    InteractionDraft.Checked checked =
        new InteractionDraft(id, user, sku, kind, value, at).checked(clock.instant());
    if (event == null) {
      return new Ready(checked);
    }
    try {
      return new Ready(
          new InteractionDraft.Checked(
              UUID.fromString(event),
              checked.user(),
              checked.sku(),
              checked.kind(),
              checked.value(),
              checked.at()));
    } catch (IllegalArgumentException notOne) {
      throw ProblemException.invalid("/event", "is not an event of an export");
    }
  }

  /**
   * Adds those that are not there yet.
   *
   * @return how many were new
   */
  @Transactional(Transactional.TxType.MANDATORY)
  public int merge(List<Ready> chunk) {
    int added = interactions.add(chunk.stream().map(ready -> ready.checked).toList()).size();
    if (added > 0) {
      outbox.noted();
    }
    return added;
  }
}
