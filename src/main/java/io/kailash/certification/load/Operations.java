package io.kailash.certification.load;

import java.io.IOException;

/** Makes the operations that the plans name. */
final class Operations implements AutoCloseable {

  private final LoadOrder order;
  private final HttpTarget target;
  private final HttpOperation.Truth truth;
  private final StoreOperations stores;
  private final LiveOperation live;
  private final UpdateOperation updates;

  Operations(LoadOrder order, HttpTarget target) throws Exception {
    this.order = order;
    this.target = target;
    boolean onlyStores =
        order.operations().keySet().stream().allMatch(StoreOperations::isOneOfThem);
    this.truth =
        onlyStores
            ? null
            : HttpOperation.Truth.of(
                target, GeneratedCatalog.of(order.samples(), order.seed()), order);
    this.stores =
        order.operations().keySet().stream().anyMatch(StoreOperations::isOneOfThem)
            ? StoreOperations.of(order)
            : null;
    this.live =
        order.operations().keySet().stream().anyMatch(LiveOperation::isOneOfThem)
            ? LiveOperation.of(target, truth, Math.max(1, order.users()))
            : null;
    this.updates =
        order.operations().keySet().stream().anyMatch(UpdateOperation::isOneOfThem)
            ? UpdateOperation.of(target, truth, order)
            : null;
  }

  /** For one thread. */
  Operation make(String name) throws Exception {
    if (StoreOperations.isOneOfThem(name)) {
      return stores.make(name);
    }
    if (LiveOperation.isOneOfThem(name)) {
      return live.make(name);
    }
    if (UpdateOperation.isOneOfThem(name)) {
      return updates.make(name);
    }
    if (TransferOperation.isOneOfThem(name)) {
      return TransferOperation.of(name, target, truth);
    }
    return switch (name) {
      case "classify" -> new HttpOperation.Classify(target, truth);
      case "recommend" -> new HttpOperation.Recommend(target, truth);
      case "health" -> new HttpOperation.Health(target, truth);
      case "items.read" -> new HttpOperation.ReadItem(target, truth);
      case "admin" -> new HttpOperation.Administer(target, truth);
      default ->
          throw new IOException(
              "operation '" + name + "' of scenario " + order.scenario() + " is not known");
    };
  }

  /**
   * What is asked once, as {@link LiveOperation#STAY}, when all else is over; null when there is no
   * more of it.
   */
  Operation.Request last() {
    return live == null ? null : live.stay();
  }

  @Override
  public void close() throws Exception {
    if (stores != null) {
      stores.close();
    }
    if (live != null) {
      live.close();
    }
    if (updates != null) {
      updates.close();
    }
  }
}
