package io.kailash.projection;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.neo4j.ogm.annotation.Id;
import org.neo4j.ogm.annotation.NodeEntity;
import org.neo4j.ogm.annotation.Relationship;

/** One item with what it hangs on, as the graph has it. Only read. */
@NodeEntity("Item")
class GraphItem {
  @Id String sku;
  String title;
  Boolean hidden;
  Boolean inStock;
  Long version;

  @Relationship(type = "OF", direction = Relationship.Direction.OUTGOING)
  GraphBrand made;

  @Relationship(type = "IN", direction = Relationship.Direction.OUTGOING)
  Set<GraphCategory> places = new HashSet<>();

  /** A brand. */
  @NodeEntity("Brand")
  static class GraphBrand {
    @Id String name;
  }

  /** A category, by itself. */
  @NodeEntity("Category")
  static class GraphCategory {
    @Id String key;
  }

  List<String> categories() {
    Set<String> keys = new TreeSet<>();
    places.forEach(place -> keys.add(place.key));
    return List.copyOf(keys);
  }
}
