package io.kailash.transfer.batch;

import io.kailash.catalog.Item;
import io.kailash.catalog.Selection;
import java.util.ArrayList;
import java.util.List;

/** Items of the catalog; a place is that of the last item handed out. */
final class SelectedItems extends BatchSource {
  private final Selection selection;
  private final String unlabelledIn;
  private final Selection.Extent extent;

  /**
   * @param unlabelledIn code of the taxonomy in which they have no label; null for all
   * @param extent as it was when the work began
   */
  SelectedItems(
      Selection selection, String unlabelledIn, Selection.Extent extent, long place, long number) {
    super(place, number);
    this.selection = selection;
    this.unlabelledIn = unlabelledIn;
    this.extent = extent;
  }

  @Override
  List<BatchLine> next(int limit) {
    List<Selection.Placed> found = selection.next(unlabelledIn, place(), extent.last(), limit);
    List<BatchLine> lines = new ArrayList<>(found.size());
    for (Selection.Placed placed : found) {
      passed(placed.place(), number() + 1);
      lines.add(BatchLine.of(number(), item(placed.item())));
    }
    return lines;
  }

  private static BatchItem item(Item item) {
    return new BatchItem(
        null,
        null,
        item.sku(),
        item.title(),
        item.brand(),
        item.description(),
        item.supplierCategory(),
        item.url(),
        null,
        null);
  }

  @Override
  long total() {
    return extent.items();
  }

  @Override
  public void close() {
    // Nothing is held open.
  }
}
