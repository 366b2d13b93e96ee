package io.kailash.catalog;

import io.kailash.access.AuditLog;
import io.kailash.platform.ProblemException;
import io.kailash.platform.TextRules;
import io.kailash.taxonomy.Taxonomies;
import io.kailash.taxonomy.Taxonomy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The one way by which items and labels change; each method is one transaction, or part of the
 * caller's. Changes of one item happen one after another, so none is lost. Each is noted in the
 * outbox in the same transaction.
 */
@Singleton
public class ItemEditor {
  static final int MAX_CATEGORY_CHARS = 500;

  private final ItemRules rules;
  private final ItemRows items;
  private final LabelRows labels;
  private final ItemChanges changes;
  private final Taxonomies taxonomies;
  private final AuditLog audit;
  private final Clock clock;

  @Inject
  ItemEditor(
      ItemRules rules,
      ItemRows items,
      LabelRows labels,
      ItemChanges changes,
      Taxonomies taxonomies,
      AuditLog audit,
      Clock clock) {
    this.rules = rules;
    this.items = items;
    this.labels = labels;
    this.changes = changes;
    this.taxonomies = taxonomies;
    this.audit = audit;
    this.clock = clock;
  }

  /** An item as it is after a change, and whether it was made by it. */
  public record Edited(Item item, boolean created) {}

  /** A label as it is after a change, and whether there was none before. */
  public record Labelled(Label label, boolean created) {}

  /**
   * Makes an item.
   *
   * @throws ProblemException 409 where the sku is taken; 422 naming every offending field
   */
  @Transactional
  public Item create(String actor, ItemDraft draft) {
    return make(actor, rules.checked(draft))
        .orElseThrow(
            () ->
                ProblemException.conflict(
                    "item-exists",
                    "Item exists",
                    "there is an item '"
                        + draft.sku()
                        + "' already; replace it by PUT with If-Match"));
  }

  /**
   * Makes or replaces an item.
   *
   * @throws ProblemException 412 where the precondition does not hold; 422 naming every offending
   *     field; 428 where the item exists and nothing was stated
   */
  @Transactional
  public Edited put(String actor, ItemDraft draft, Precondition precondition) {
    ItemDraft checked = rules.checked(draft);
    Optional<ItemRows.Locked> row = existing(draft.sku());
    if (row.isEmpty()) {
      if (precondition instanceof Precondition.AnyVersion
          || precondition instanceof Precondition.OneOf) {
        throw new ProblemException(
            412,
            "stale-version",
            "Changed in between",
            "If-Match was sent, but there is no item '" + draft.sku() + "'",
            List.of());
      }
      Optional<Item> made = make(actor, checked);
      if (made.isPresent()) {
        return new Edited(made.get(), true);
      }
      // Somebody else made it since we looked.
      row = existing(draft.sku());
    }
    ItemRows.Locked locked = row.orElseThrow();
    requireThat(precondition, locked.item());
    return new Edited(write(actor, "item.replace", locked, checked), false);
  }

  /**
   * Changes an item.
   *
   * @param change makes the new content from the current one; the sku must stay
   * @throws ProblemException 404, 412, 422 or 428, as for {@link #put}
   */
  @Transactional
  public Item change(
      String actor, String sku, Precondition precondition, UnaryOperator<ItemDraft> change) {
    ItemRows.Locked locked = require(sku);
    requireThat(precondition, locked.item());
    ItemDraft changed = change.apply(locked.item().draft());
    if (!sku.equals(changed.sku())) {
      throw ProblemException.invalid("/sku", "cannot be changed");
    }
    return write(actor, "item.change", locked, rules.checked(changed));
  }

  /**
   * Deletes an item with its labels.
   *
   * @throws ProblemException 404, 412 or 428, as for {@link #put}
   */
  @Transactional
  public void delete(String actor, String sku, Precondition precondition) {
    ItemRows.Locked locked = require(sku);
    requireThat(precondition, locked.item());
    Instant now = clock.instant();
    labels.removeAll(locked.id(), LabelSource.EDITOR, actor, now);
    items.delete(locked, now);
    changes.removed(sku, locked.item().version() + 1);
    audit.record(actor, "item.delete", sku, Map.of("version", locked.item().version()));
  }

  /**
   * Sets an item's category in a taxonomy.
   *
   * @throws ProblemException 404 where there is no such item or taxonomy; 422 where the taxonomy's
   *     active version has no such category
   */
  @Transactional
  public Labelled setLabel(
      String actor, String sku, String taxonomy, String category, LabelSource source) {
    Taxonomy known = taxonomies.require(taxonomy);
    new TextRules().required("/category", category, MAX_CATEGORY_CHARS).check();
    if (known.categories().find(category).isEmpty()) {
      throw ProblemException.invalid("/category", isUnknown(known, category));
    }
    ItemRows.Locked locked = require(sku);
    boolean created = labels.set(locked.id(), known.id(), category, source, actor, clock.instant());
    changes.changed(sku, locked.item().version());
    return new Labelled(labels.find(locked.id(), known.id()).orElseThrow(), created);
  }

  /**
   * Takes an item's label in a taxonomy away.
   *
   * @throws ProblemException 404 where there is no such item, taxonomy or label
   */
  @Transactional
  public void removeLabel(String actor, String sku, String taxonomy) {
    Taxonomy known = taxonomies.require(taxonomy);
    ItemRows.Locked locked = require(sku);
    if (!labels.remove(locked.id(), known.id(), LabelSource.EDITOR, actor, clock.instant())) {
      throw ProblemException.notFound("label of '" + sku + "' in taxonomy", taxonomy);
    }
    changes.changed(sku, locked.item().version());
  }

  /**
   * Makes or replaces many items, whatever their version. One call is one transaction: a caller
   * with more than some thousands calls once per chunk. An item that is like its draft already
   * keeps its version.
   *
   * @throws ProblemException 422 naming every offending field as {@code /index/field}; then nothing
   *     was changed
   */
  @Transactional
  public BulkResult upsertAll(String actor, List<ItemDraft> drafts) {
    List<ItemDraft> checked = rules.checked(drafts);
    TextRules unique = new TextRules();
    Map<String, Integer> seen = new HashMap<>(drafts.size() * 2);
    for (int i = 0; i < checked.size(); i++) {
      refuseRepeated(unique, seen, checked.get(i).sku(), i);
    }
    unique.check();
    if (checked.isEmpty()) {
      return new BulkResult(0, 0);
    }
    int written = items.merge(checked, clock.instant());
    changes.bulk();
    audit.record(actor, "item.bulk", "items", Map.of("given", checked.size(), "written", written));
    return new BulkResult(written, checked.size() - written);
  }

  /**
   * Sets the labels of many items in one taxonomy; see {@link #upsertAll} about chunks. A label
   * with the same category already is left as it is.
   *
   * @throws ProblemException 404 where there is no such taxonomy; 422 naming every sku and category
   *     that does not exist; then nothing was changed
   */
  @Transactional
  public BulkResult setLabels(
      String actor, String taxonomy, LabelSource source, List<LabelDraft> drafts) {
    Taxonomy known = taxonomies.require(taxonomy);
    TextRules valid = new TextRules();
    Map<String, Integer> seen = new HashMap<>(drafts.size() * 2);
    for (int i = 0; i < drafts.size(); i++) {
      LabelDraft draft = drafts.get(i);
      valid
          .required("/" + i + "/sku", draft.sku(), ItemRules.MAX_SKU_CHARS)
          .required("/" + i + "/category", draft.category(), MAX_CATEGORY_CHARS);
      refuseRepeated(valid, seen, draft.sku(), i);
    }
    valid.check();
    for (int i = 0; i < drafts.size(); i++) {
      String category = drafts.get(i).category();
      if (known.categories().find(category).isEmpty()) {
        valid.violation("/" + i + "/category", isUnknown(known, category));
      }
    }
    valid.check();
    if (drafts.isEmpty()) {
      return new BulkResult(0, 0);
    }
    int written =
        labels.merge(
            known.id(),
            drafts,
            source,
            actor,
            clock.instant(),
            missing -> valid.violation("/" + missing + "/sku", "is not the sku of an item"));
    valid.check();
    changes.bulk();
    audit.record(
        actor,
        "label.bulk",
        known.code(),
        Map.of("given", drafts.size(), "written", written, "source", source.text()));
    return new BulkResult(written, drafts.size() - written);
  }

  private static void refuseRepeated(
      TextRules rules, Map<String, Integer> seen, String sku, int index) {
    Integer before = seen.putIfAbsent(sku, index);
    if (before != null) {
      rules.violation("/" + index + "/sku", "is the same as that of /" + before);
    }
  }

  static String isUnknown(Taxonomy taxonomy, String category) {
    return "'"
        + category
        + "' is not a category of version "
        + taxonomy.version()
        + " of taxonomy '"
        + taxonomy.code()
        + "'";
  }

  /** Empty where a live item with this sku exists already. */
  private Optional<Item> make(String actor, ItemDraft draft) {
    Optional<Item> made = items.insert(draft, clock.instant());
    if (made.isPresent()) {
      changes.changed(draft.sku(), made.get().version());
      audit.record(actor, "item.create", draft.sku(), Map.of("version", made.get().version()));
      return made;
    }
    return items
        .lock(draft.sku())
        .filter(ItemRows.Locked::deleted)
        .map(deleted -> write(actor, "item.create", deleted, draft));
  }

  private Item write(String actor, String deed, ItemRows.Locked row, ItemDraft draft) {
    Item written = items.replace(row, draft, clock.instant());
    changes.changed(written.sku(), written.version());
    audit.record(actor, deed, draft.sku(), Map.of("version", written.version()));
    return written;
  }

  private Optional<ItemRows.Locked> existing(String sku) {
    return items.lock(sku).filter(row -> !row.deleted());
  }

  private ItemRows.Locked require(String sku) {
    return existing(sku).orElseThrow(() -> ProblemException.notFound("item", sku));
  }

  private static void requireThat(Precondition precondition, Item item) {
    if (precondition instanceof Precondition.Unstated) {
      throw ProblemException.preconditionRequired();
    }
    if (precondition instanceof Precondition.Absent) {
      throw new ProblemException(
              412,
              "item-exists",
              "Item exists",
              "If-None-Match: * was sent, but there is an item '" + item.sku() + "'",
              List.of())
          .header("ETag", item.etag());
    }
    if (precondition instanceof Precondition.OneOf one
        && !one.versions().contains(item.version())) {
      throw ProblemException.stale(item.etag());
    }
  }
}
