package io.kailash.taxonomy;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * One category of one version of a taxonomy.
 *
 * @param code identity within the taxonomy, stable over versions
 * @param parent the category above; null at the top
 * @param level 1 at the top
 * @param leaf whether no category is below it
 */
public record Category(String code, String name, Category parent, int level, boolean leaf) {
  /** Code of the category above; null at the top. */
  public String parentCode() {
    return parent == null ? null : parent.code;
  }

  /** Names from the top down to this category; as many as its level. */
  public List<String> path() {
    String[] names = new String[level];
    Category current = this;
    for (int i = level - 1; i >= 0; i--) {
      names[i] = current.name;
      current = current.parent;
    }
    return Arrays.asList(names);
  }

  @Override
  public int hashCode() {
    return Objects.hash(code, level);
  }

  @Override
  public String toString() {
    return code + " " + String.join(" > ", path());
  }
}
