package io.kailash.projection;

import io.kailash.platform.OutboxEvent;
import io.kailash.platform.Settings;
import io.kailash.platform.VectorSettings;
import io.kailash.projection.SecondLook.Pair;
import io.kailash.projection.Tables.ItemState;
import io.kailash.similarity.Embeddings;
import io.kailash.similarity.VectorStore;
import io.kailash.similarity.VectorStore.Entry;
import io.kailash.similarity.VectorStoreDown;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * The vectors of items, by the meaning of title and brand. Those of categories are kept by who
 * searches in them.
 *
 * <p>Lucene is this process's own and may lose its last moments in a crash, so what it holds is
 * compared with the tables when the service starts. Of several instances each carries to its own,
 * each embeds every text for itself, and a check or a rebuild is about the one that does it: with
 * more than one instance, ChromaDB is the store to choose.
 */
@Singleton
class VectorProjector implements Projector {
  private static final int PART = 500;

  private final VectorStore vectors;
  private final Embeddings embeddings;
  private final Tables tables;
  private final VectorSettings chosen;
  private final ProjectionSettings settings;
  private boolean compared;

  @Inject
  VectorProjector(
      VectorStore vectors,
      Embeddings embeddings,
      Tables tables,
      VectorSettings chosen,
      Settings settings) {
    this.vectors = vectors;
    this.embeddings = embeddings;
    this.tables = tables;
    this.chosen = chosen;
    this.settings = ProjectionSettings.read(settings);
  }

  private boolean isOwn() {
    return chosen.store() == VectorSettings.Store.LUCENE;
  }

  /** Two stores have two places in the outbox, so that a change of the setting loses nothing. */
  @Override
  public String target() {
    return isOwn() ? "vectors-lucene" : "vectors";
  }

  @Override
  public Optional<String> store() {
    return isOwn() ? Optional.empty() : Optional.of(chosen.store().text());
  }

  @Override
  public boolean isOfEachInstance() {
    return isOwn();
  }

  @Override
  public boolean prepare() {
    if (isOwn()) {
      if (!compared) {
        makeGood();
        compared = true;
      }
      return false;
    }
    return reached(() -> vectors.count(VectorStore.ITEMS)) == 0 && tables.itemCount() > 0;
  }

  /** Writes what is missing or old, without embedding everything anew. */
  private void makeGood() {
    Map<String, Long> there = versions();
    String last = "";
    List<ItemState> page;
    do {
      page = tables.itemsAfter(last, PART);
      List<ItemState> differing = new ArrayList<>();
      for (ItemState item : page) {
        last = item.sku();
        Long version = there.remove(item.sku());
        if (version == null || version != item.version()) {
          differing.add(item);
        }
      }
      write(differing);
    } while (page.size() == PART);
    if (!there.isEmpty()) {
      remove(there.keySet());
    }
  }

  private Map<String, Long> versions() {
    Map<String, Long> versions = new HashMap<>();
    reached(
        () -> {
          vectors.forEach(VectorStore.ITEMS, versions::put);
          return null;
        });
    return versions;
  }

  @Override
  public void apply(List<OutboxEvent> events) {
    Set<String> skus = new LinkedHashSet<>();
    for (OutboxEvent event : events) {
      if (event.kind().equals("item")) {
        skus.add(event.key());
      }
    }
    if (skus.isEmpty()) {
      return;
    }
    List<ItemState> live = tables.items(skus).stream().filter(i -> !i.deleted()).toList();
    live.forEach(item -> skus.remove(item.sku()));
    write(live);
    if (!skus.isEmpty()) {
      remove(skus);
    }
  }

  private void write(List<ItemState> items) {
    if (items.isEmpty()) {
      return;
    }
    reached(
        () -> {
          List<Entry> entries = new ArrayList<>(items.size());
          for (ItemState item : items) {
            entries.add(new Entry(item.sku(), vector(item), item.version()));
          }
          vectors.upsert(VectorStore.ITEMS, entries);
          return null;
        });
  }

  private float[] vector(ItemState item) {
    return embeddings.of(Embeddings.itemText(item.title(), item.brand()));
  }

  private void remove(Collection<String> skus) {
    reached(
        () -> {
          vectors.remove(VectorStore.ITEMS, skus);
          return null;
        });
  }

  private static <T> T reached(Supplier<T> work) {
    try {
      return work.get();
    } catch (VectorStoreDown down) {
      throw new TargetDownException(down.getMessage(), down);
    }
  }

  @Override
  public void rebuild(Turns turns) {
    long all = Math.max(1, tables.itemCount());
    long done = 0;
    String last = "";
    List<ItemState> seen;
    do {
      String after = last;
      seen = tables.itemsAfter(after, settings.rebuildPage());
      // Embedded before its turn, which then finds the vectors ready and is short.
      for (ItemState item : seen) {
        last = item.sku();
        reached(() -> vector(item));
      }
      if (!seen.isEmpty()) {
        List<String> skus = seen.stream().map(ItemState::sku).toList();
        turns.take(
            () -> write(tables.items(skus).stream().filter(item -> !item.deleted()).toList()));
      }
      done += seen.size();
      turns.at("items", 0.95 * Math.min(1, (double) done / all));
    } while (seen.size() == settings.rebuildPage());
    for (List<String> part : Graph.parts(List.copyOf(versions().keySet()), PART)) {
      turns.take(
          () -> {
            Set<String> extra = new HashSet<>(part);
            tables.items(part).stream()
                .filter(item -> !item.deleted())
                .forEach(item -> extra.remove(item.sku()));
            if (!extra.isEmpty()) {
              remove(extra);
            }
          });
    }
  }

  @Override
  public List<Comparison> differences(int wanted) {
    Map<String, String> should = new TreeMap<>();
    String last = "";
    List<ItemState> page;
    do {
      page = tables.itemsAfter(last, PART);
      for (ItemState item : page) {
        last = item.sku();
        should.put(item.sku(), "version " + item.version());
      }
    } while (page.size() == PART);
    Map<String, Pair> all = SecondLook.pairs(should, found(null));
    SecondLook.at(
        all,
        keys -> {
          Map<String, String> now = new TreeMap<>();
          tables.items(keys).stream()
              .filter(item -> !item.deleted())
              .forEach(item -> now.put(item.sku(), "version " + item.version()));
          return SecondLook.pairs(now, found(new TreeSet<>(keys)));
        });
    Tally tally = new Tally("items", wanted);
    all.forEach(tally::add);
    return List.of(tally.result());
  }

  private Map<String, String> found(Set<String> only) {
    Map<String, String> found = new TreeMap<>();
    versions()
        .forEach(
            (sku, version) -> {
              if (only == null || only.contains(sku)) {
                found.put(sku, "version " + version);
              }
            });
    return found;
  }
}
