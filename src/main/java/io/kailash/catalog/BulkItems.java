package io.kailash.catalog;

import io.kailash.platform.ProblemException;
import io.kailash.platform.TextRules;
import io.kailash.taxonomy.Taxonomies;
import io.kailash.taxonomy.Taxonomy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/**
 * The editor's rules for files of any size: each row is checked by itself, so that a bad one does
 * not stop the others, and rows are merged in chunks. A chunk is part of the caller's transaction,
 * with its outbox rows; what is stored already as it should be keeps its version and makes no
 * outbox row. Unlike {@link ItemEditor} it writes no audit entry: the caller does, once per file.
 */
@Singleton
public class BulkItems {
  /** Rows from which on the words of a chunk are gathered afterwards. */
  private static final int MANY = 1000;

  private final ItemRules rules;
  private final ItemRows items;
  private final LabelRows labels;
  private final ItemChanges changes;
  private final Taxonomies taxonomies;
  private final Clock clock;

  @Inject
  BulkItems(
      ItemRules rules,
      ItemRows items,
      LabelRows labels,
      ItemChanges changes,
      Taxonomies taxonomies,
      Clock clock) {
    this.rules = rules;
    this.items = items;
    this.labels = labels;
    this.changes = changes;
    this.taxonomies = taxonomies;
    this.clock = clock;
  }

  /**
   * What came of a chunk of labels.
   *
   * @param missing places in the chunk of those whose item does not exist; they were left out
   */
  public record LabelsMerged(int written, int unchanged, List<Integer> missing) {}

  /**
   * The draft with its defaults filled in.
   *
   * @throws ProblemException 422 naming every offending field
   */
  public ItemDraft checked(ItemDraft draft) {
    return rules.checked(draft);
  }

  /**
   * A label as it may be merged, but for whether its item exists.
   *
   * @throws ProblemException 422 where a text is out of its rules or the taxonomy's active version
   *     has no such category
   */
  public LabelDraft checked(Taxonomy taxonomy, LabelDraft draft) {
    new TextRules()
        .required("/sku", draft.sku(), ItemRules.MAX_SKU_CHARS)
        .required("/category", draft.category(), ItemEditor.MAX_CATEGORY_CHARS)
        .check();
    if (taxonomy.categories().find(draft.category()).isEmpty()) {
      throw ProblemException.invalid("/category", ItemEditor.isUnknown(taxonomy, draft.category()));
    }
    return draft;
  }

  /**
   * Makes or replaces items, whatever their version. Those of large chunks are found by their words
   * a little later.
   *
   * @param checked by {@link #checked(ItemDraft)}; skus must not repeat
   */
  @Transactional(Transactional.TxType.MANDATORY)
  public BulkResult mergeItems(List<ItemDraft> checked) {
    if (checked.isEmpty()) {
      return new BulkResult(0, 0);
    }
    int written = items.merge(checked, clock.instant(), checked.size() >= MANY);
    if (written > 0) {
      changes.bulk();
    }
    return new BulkResult(written, checked.size() - written);
  }

  /**
   * Sets labels in one taxonomy.
   *
   * @param checked by {@link #checked(Taxonomy, LabelDraft)}; skus must not repeat
   */
  @Transactional(Transactional.TxType.MANDATORY)
  public LabelsMerged mergeLabels(
      String actor, String taxonomy, LabelSource source, List<LabelDraft> checked) {
    Taxonomy known = taxonomies.require(taxonomy);
    List<Integer> missing = new ArrayList<>();
    if (checked.isEmpty()) {
      return new LabelsMerged(0, 0, missing);
    }
    int written =
        labels.mergeKnown(known.id(), checked, source, actor, clock.instant(), missing::add);
    if (written > 0) {
      changes.bulk();
    }
    return new LabelsMerged(written, checked.size() - written - missing.size(), missing);
  }
}
