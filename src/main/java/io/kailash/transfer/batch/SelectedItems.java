package io.kailash.transfer.batch;

import io.kailash.catalog.Item;
import io.kailash.catalog.Selection;
import java.util.List;

/** Items of the catalog; a place is that of the last item handed out. */
final class SelectedItems implements BatchSource {
  private final Selection selection;
  private final String unlabelledIn;
  private final Selection.Extent extent;
  private long place;
  private long number;

  /**
   * @param unlabelledIn code of the taxonomy in which they have no label; null for all
   * @param extent as it was when the work began
   */
  SelectedItems(
      Selection selection, String unlabelledIn, Selection.Extent extent, long place, long number) {
    this.selection = selection;
    this.unlabelledIn = unlabelledIn;
    this.extent = extent;
    this.place = place;
    this.number = number;
  }

  @Override
  public List<BatchLine> next(int limit) {
    List<Selection.Placed> found = selection.next(unlabelledIn, place, extent.last(), limit);
    if (!found.isEmpty()) {
      place = found.get(found.size() - 1).place();
    }
    return found.stream().map(placed -> BatchLine.of(++number, item(placed.item()))).toList();
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
  public long place() {
    return place;
  }

  @Override
  public long number() {
    return number;
  }

  @Override
  public long total() {
    return extent.items();
  }

  @Override
  public void close() {
    // Nothing is held open.
  }
}
