package io.kailash.catalog;

import jakarta.inject.Singleton;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The one way by which items and labels change; each method is one transaction, or part of the
 * caller's. Changes of one item happen one after another, so none is lost.
 */
@Singleton
public class ItemEditor {
  /** An item as it is after a change, and whether it was made by it. */
  public record Edited(Item item, boolean created) {}

  /** A label as it is after a change, and whether there was none before. */
  public record Labelled(Label label, boolean created) {}

  /**
   * Makes an item.
   *
   * @throws io.kailash.platform.ProblemException 409 where the sku is taken; 422 naming every
   *     offending field
   */
  public Item create(String actor, ItemDraft draft) {
    throw new UnsupportedOperationException("not yet");
  }

  /**
   * Makes or replaces an item.
   *
   * @throws io.kailash.platform.ProblemException 412 where the precondition does not hold; 422
   *     naming every offending field; 428 where the item exists and nothing was stated
   */
  public Edited put(String actor, ItemDraft draft, Precondition precondition) {
    throw new UnsupportedOperationException("not yet");
  }

  /**
   * Changes an item.
   *
   * @param change makes the new content from the current one
   * @throws io.kailash.platform.ProblemException 404, 412, 422 or 428, as for {@link #put}
   */
  public Item change(
      String actor, String sku, Precondition precondition, UnaryOperator<ItemDraft> change) {
    throw new UnsupportedOperationException("not yet");
  }

  /**
   * Deletes an item with its labels.
   *
   * @throws io.kailash.platform.ProblemException 404, 412 or 428, as for {@link #put}
   */
  public void delete(String actor, String sku, Precondition precondition) {
    throw new UnsupportedOperationException("not yet");
  }

  /**
   * Sets an item's category in a taxonomy.
   *
   * @throws io.kailash.platform.ProblemException 404 where there is no such item or taxonomy; 422
   *     where the taxonomy's active version has no such category
   */
  public Labelled setLabel(
      String actor, String sku, String taxonomy, String category, LabelSource source) {
    throw new UnsupportedOperationException("not yet");
  }

  /**
   * Takes an item's label in a taxonomy away.
   *
   * @throws io.kailash.platform.ProblemException 404 where there is no such item, taxonomy or label
   */
  public void removeLabel(String actor, String sku, String taxonomy) {
    throw new UnsupportedOperationException("not yet");
  }

  /**
   * Makes or replaces many items, whatever their version. One call is one transaction: a caller
   * with more than some thousands calls once per chunk. An item that is like its draft already
   * keeps its version.
   *
   * @throws io.kailash.platform.ProblemException 422 naming every offending field as {@code
   *     /index/field}; then nothing was changed
   */
  public BulkResult upsertAll(String actor, List<ItemDraft> drafts) {
    throw new UnsupportedOperationException("not yet");
  }

  /**
   * Sets the labels of many items in one taxonomy; see {@link #upsertAll} about chunks. A label
   * with the same category already is left as it is.
   *
   * @throws io.kailash.platform.ProblemException 404 where there is no such taxonomy; 422 naming
   *     every sku and category that does not exist; then nothing was changed
   */
  public BulkResult setLabels(
      String actor, String taxonomy, LabelSource source, List<LabelDraft> labels) {
    throw new UnsupportedOperationException("not yet");
  }
}
