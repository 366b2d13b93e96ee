package io.kailash.classification;

import io.kailash.classification.model.CategoryTree;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What answers tell of the categories of one model; made when a category is first told of. */
final class CategoryNames {
  private final CategoryTree tree;
  private final Map<String, NamedCategory> known = new ConcurrentHashMap<>();

  CategoryNames(CategoryTree tree) {
    this.tree = tree;
  }

  /** The category of a code of the tree. */
  NamedCategory of(String code) {
    NamedCategory found = known.get(code);
    return found != null ? found : known.computeIfAbsent(code, this::name);
  }

  private NamedCategory name(String code) {
    return new NamedCategory(code, tree.name(code), tree.path(code), tree.level(code));
  }
}
