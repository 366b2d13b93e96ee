package io.kailash.catalog;

import jakarta.inject.Singleton;
import java.util.Optional;

/** Reads items. */
@Singleton
public class Items {
  /** The item with this sku, as it is now. */
  public Optional<Item> find(String sku) {
    throw new UnsupportedOperationException("not yet");
  }
}
