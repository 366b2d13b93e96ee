package io.kailash.recommendation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.kailash.platform.Json;
import java.util.Map;

/**
 * What a recommendation needs to know of an item.
 *
 * @param attributes JSON of an object
 * @param categories code of the taxonomy to code of the category
 * @param there whether the catalog has it and does not hide it
 */
record ItemCard(
    String sku,
    String title,
    String brand,
    String attributes,
    Map<String, String> categories,
    boolean there,
    boolean inStock) {

  static ItemCard absent(String sku) {
    return new ItemCard(sku, "", null, "{}", Map.of(), false, false);
  }

  /** Whether every wanted attribute has the wanted value, written as text. */
  boolean has(Map<String, String> wanted) {
    if (wanted.isEmpty()) {
      return true;
    }
    try {
      JsonNode own = Json.MAPPER.readTree(attributes);
      return wanted.entrySet().stream()
          .allMatch(w -> own.path(w.getKey()).asText("").equals(w.getValue()));
    } catch (JsonProcessingException broken) {
      throw new IllegalStateException("stored attributes cannot be read", broken);
    }
  }

  /**
   * How alike two items are, from 0 to 1: two thirds for a common category, one third for a common
   * brand.
   */
  double likeness(ItemCard other) {
    double likeness = 0;
    if (brand != null && brand.equals(other.brand)) {
      likeness += 1.0 / 3;
    }
    for (Map.Entry<String, String> category : categories.entrySet()) {
      if (category.getValue().equals(other.categories.get(category.getKey()))) {
        return likeness + 2.0 / 3;
      }
    }
    return likeness;
  }
}
