package io.kailash.projection;

import io.kailash.platform.OutboxEvent;
import io.kailash.platform.Settings;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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

  /** What Redis lost of popularity has to be counted again; histories come back by use. */
  @Override
  public boolean prepare() {
    return !store.isComplete();
  }

  @Override
  public void apply(List<OutboxEvent> events) {
    List<OutboxEvent> seen = new ArrayList<>();
    Set<String> changed = new LinkedHashSet<>();
    for (OutboxEvent event : events) {
      if (event.kind().equals("item")) {
        changed.add(event.key());
      }
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
    if (!changed.isEmpty()) {
      store.changed(changed);
    }
  }

  @Override
  public void rebuild(Turns turns) {
    turns.take(store::clear);
    if (tables.hasInteractions()) {
      count(turns);
    }
    turns.take(store::complete);
  }

  private void count(Turns turns) {
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

  /**
   * Histories only: of popularity Redis keeps decayed sums, in which users who were forgotten since
   * still count.
   */
  @Override
  public List<Comparison> differences(int wanted) {
    Map<String, SecondLook.Pair> all = store.histories(null);
    SecondLook.at(all, store::histories);
    Tally tally = new Tally("histories", wanted);
    all.forEach(tally::add);
    return List.of(tally.result());
  }
}
