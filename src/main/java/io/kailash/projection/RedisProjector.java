package io.kailash.projection;

import io.kailash.platform.OutboxEvent;
import io.kailash.platform.ProblemException;
import io.kailash.platform.Settings;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What users did last, in Redis. */
@Singleton
class RedisProjector implements Projector {
  private final RecentStore store;
  private final Tables tables;
  private final ProjectionSettings settings;

  @Inject
  RedisProjector(RecentStore store, Tables tables, Settings settings) {
    this.store = store;
    this.tables = tables;
    this.settings = ProjectionSettings.read(settings);
  }

  @Override
  public String target() {
    return "redis";
  }

  @Override
  public Optional<String> store() {
    return Optional.of("redis");
  }

  /** What Redis lost is missing from popularity until a rebuild; histories come back by use. */
  @Override
  public boolean prepare() {
    return false;
  }

  @Override
  public void apply(List<OutboxEvent> events) {
    List<OutboxEvent> seen = new ArrayList<>();
    for (OutboxEvent event : events) {
      if (event.kind().equals(InteractionPayload.EVENT)) {
        if (event.removed()) {
          store.add(seen);
          seen.clear();
          store.forget(event.key());
        } else {
          // Refuses here what the store could make nothing of.
          InteractionPayload.read(event);
          seen.add(event);
        }
      }
    }
    if (!seen.isEmpty()) {
      store.add(seen);
    }
  }

  @Override
  public void rebuild(Turns turns) {
    turns.take(store::clear);
    if (!tables.hasInteractions()) {
      return;
    }
    long last = 0;
    boolean more = true;
    int size = settings.rebuildPage() * 10;
    while (more) {
      List<OutboxEvent> page = tables.interactionEvents(last, size);
      more = page.size() == size;
      if (!page.isEmpty()) {
        last = page.get(page.size() - 1).version();
        turns.take(() -> store.count(page));
      }
      turns.at("interactions", 0.5);
    }
  }

  /** Redis keeps decayed sums, which cannot be compared one by one. */
  @Override
  public List<Comparison> differences(int wanted) {
    throw ProblemException.notFound("check of target", target());
  }
}
