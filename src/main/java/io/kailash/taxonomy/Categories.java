package io.kailash.taxonomy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * All categories of one version of a taxonomy: immutable and held in memory, so that no answer
 * waits for a store.
 */
public final class Categories {
  private final List<Category> all;
  private final Map<String, Category> byCode;
  private final Map<String, List<Category>> children;
  private final List<Category> roots;
  private final int leaves;
  private final List<Integer> perLevel;

  private Categories(Category[] inFileOrder) {
    all = Collections.unmodifiableList(Arrays.asList(inFileOrder));
    byCode = new HashMap<>(inFileOrder.length * 2);
    Map<String, List<Category>> below = new HashMap<>();
    List<Category> top = new ArrayList<>();
    List<Integer> counts = new ArrayList<>();
    int leafCount = 0;
    for (Category category : inFileOrder) {
      byCode.put(category.code(), category);
      if (category.parent() == null) {
        top.add(category);
      } else {
        below.computeIfAbsent(category.parentCode(), code -> new ArrayList<>(4)).add(category);
      }
      if (category.leaf()) {
        leafCount++;
      }
      while (counts.size() < category.level()) {
        counts.add(0);
      }
      counts.set(category.level() - 1, counts.get(category.level() - 1) + 1);
    }
    below.replaceAll((code, list) -> List.copyOf(list));
    children = below;
    roots = List.copyOf(top);
    leaves = leafCount;
    perLevel = List.copyOf(counts);
  }

  /**
   * Builds the tree; a parent may come after its children.
   *
   * @throws IllegalArgumentException for a repeated code, a missing parent or a loop
   */
  public static Categories of(List<CategoryRow> rows) {
    Map<String, Integer> positions = new HashMap<>(rows.size() * 2);
    for (int i = 0; i < rows.size(); i++) {
      if (positions.put(rows.get(i).code(), i) != null) {
        throw new IllegalArgumentException("repeated code " + rows.get(i).code());
      }
    }
    boolean[] hasChildren = new boolean[rows.size()];
    for (CategoryRow row : rows) {
      if (row.parentCode() != null) {
        Integer parent = positions.get(row.parentCode());
        if (parent == null) {
          throw new IllegalArgumentException(
              "no parent " + row.parentCode() + " for " + row.code());
        }
        hasChildren[parent] = true;
      }
    }
    Category[] built = new Category[rows.size()];
    int[] way = new int[rows.size()];
    for (int i = 0; i < built.length; i++) {
      int steps = 0;
      Integer current = i;
      while (current != null && built[current] == null) {
        if (steps == way.length) {
          throw new IllegalArgumentException("a loop through " + rows.get(i).code());
        }
        way[steps++] = current;
        String parent = rows.get(current).parentCode();
        current = parent == null ? null : positions.get(parent);
      }
      while (steps > 0) {
        int position = way[--steps];
        CategoryRow row = rows.get(position);
        Category parent = row.parentCode() == null ? null : built[positions.get(row.parentCode())];
        built[position] =
            new Category(
                row.code(),
                row.name(),
                parent,
                parent == null ? 1 : parent.level() + 1,
                !hasChildren[position]);
      }
    }
    return new Categories(built);
  }

  /** The category with this code, if there is one. */
  public Optional<Category> find(String code) {
    return Optional.ofNullable(byCode.get(code));
  }

  /** Every category, in the order of the imported file. */
  public List<Category> all() {
    return all;
  }

  /** The categories directly below, in file order; of null: those at the top. */
  public List<Category> children(String code) {
    return code == null ? roots : children.getOrDefault(code, List.of());
  }

  /** How many categories have none below. */
  public int leaves() {
    return leaves;
  }

  /** How many categories there are. */
  public int size() {
    return all.size();
  }

  /** How many categories each level has, level 1 first. */
  public List<Integer> perLevel() {
    return perLevel;
  }

  /**
   * Categories whose path has every word of {@code text}, at least one of them in the category's
   * own name, or whose code is {@code text}; upper and lower case are the same. In file order.
   */
  public List<Category> search(String text) {
    String wanted = text.strip();
    String[] words = wanted.toLowerCase(Locale.ROOT).split("\\s+");
    List<Category> found = new ArrayList<>();
    for (Category category : all) {
      if (category.code().equalsIgnoreCase(wanted) || matches(category, words)) {
        found.add(category);
      }
    }
    return found;
  }

  private static boolean matches(Category category, String[] words) {
    String name = category.name().toLowerCase(Locale.ROOT);
    boolean own = false;
    for (String word : words) {
      own |= name.contains(word);
    }
    if (!own) {
      return false;
    }
    for (String word : words) {
      Category current = category;
      while (current != null && !current.name().toLowerCase(Locale.ROOT).contains(word)) {
        current = current.parent();
      }
      if (current == null) {
        return false;
      }
    }
    return true;
  }
}
