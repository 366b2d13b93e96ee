package io.kailash.catalog;

import io.kailash.platform.Outbox;
import io.kailash.platform.OutboxEvent;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;

/** Notes changes of items for the derived stores, in the transaction that makes them. */
@Singleton
class ItemChanges {
  /** The kind of these events. */
  static final String KIND = "item";

  private final CatalogDatabase database;
  private final Outbox outbox;

  @Inject
  ItemChanges(CatalogDatabase database, Outbox outbox) {
    this.database = database;
    this.outbox = outbox;
  }

  /** An item, or one of its labels, has changed. */
  void changed(String sku, long version) {
    note(OutboxEvent.changed(KIND, sku, version));
  }

  /** An item is gone. */
  void removed(String sku, long version) {
    note(OutboxEvent.removed(KIND, sku, version));
  }

  /** The statements of a bulk have noted their changes themselves. */
  void bulk() {
    outbox.noted();
  }

  private void note(OutboxEvent event) {
    database.connected(
        connection -> {
          outbox.add(connection, List.of(event));
          return null;
        });
  }
}
