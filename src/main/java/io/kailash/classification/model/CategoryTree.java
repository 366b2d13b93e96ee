package io.kailash.classification.model;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The categories of one version of a taxonomy, as a forest of trees. Immutable; safe for any number
 * of threads.
 */
public final class CategoryTree {

  /**
   * One category, as given.
   *
   * @param code unique in its tree
   * @param name what people call it
   * @param parentCode code of the category above, or null for a root
   */
  public record Category(String code, String name, String parentCode) {

    /** Refuses a missing code or name. */
    public Category {
      Objects.requireNonNull(code, "code");
      Objects.requireNonNull(name, "name");
    }
  }

  private final String[] codes;
  private final String[] names;
  private final int[] parents;
  private final int[] levels;
  private final int[][] children;
  private final int[] roots;
  private final Map<String, Integer> indexByCode;
  private final String digest;

  private CategoryTree(List<Category> categories) {
    // Sorting by code makes the tree, its digest and every model trained on it independent of the
    // order given.
    List<Category> sorted = new ArrayList<>(categories);
    sorted.sort((a, b) -> a.code().compareTo(b.code()));
    int count = sorted.size();
    codes = new String[count];
    names = new String[count];
    parents = new int[count];
    levels = new int[count];
    indexByCode = new LinkedHashMap<>(count * 2);
    for (int i = 0; i < count; i++) {
      Category category = sorted.get(i);
      codes[i] = category.code();
      names[i] = category.name();
      if (indexByCode.put(category.code(), i) != null) {
        throw new IllegalArgumentException("category code occurs twice: " + category.code());
      }
    }
    int[] childCount = new int[count];
    int rootCount = 0;
    for (int i = 0; i < count; i++) {
      String parentCode = sorted.get(i).parentCode();
      if (parentCode == null) {
        parents[i] = -1;
        rootCount++;
      } else {
        Integer parent = indexByCode.get(parentCode);
        if (parent == null) {
          throw new IllegalArgumentException(
              "category " + codes[i] + " names a parent that does not exist: " + parentCode);
        }
        parents[i] = parent;
        childCount[parent]++;
      }
    }
    children = new int[count][];
    for (int i = 0; i < count; i++) {
      children[i] = new int[childCount[i]];
    }
    roots = new int[rootCount];
    int[] filled = new int[count];
    int rootsFilled = 0;
    for (int i = 0; i < count; i++) {
      if (parents[i] < 0) {
        roots[rootsFilled++] = i;
      } else {
        children[parents[i]][filled[parents[i]]++] = i;
      }
    }
    int reached = 0;
    int[] queue = Arrays.copyOf(roots, count);
    int end = rootCount;
    while (reached < end) {
      int node = queue[reached++];
      levels[node] = parents[node] < 0 ? 1 : levels[parents[node]] + 1;
      for (int child : children[node]) {
        queue[end++] = child;
      }
    }
    if (reached < count) {
      for (int i = 0; i < count; i++) {
        if (levels[i] == 0) {
          throw new IllegalArgumentException("categories form a loop through " + codes[i]);
        }
      }
    }
    digest = digestOf(sorted);
  }

  /**
   * Builds a tree.
   *
   * @param categories all categories, in any order
   * @return the tree
   * @throws IllegalArgumentException for a code given twice, a parent that does not exist, a loop,
   *     or no category
   */
  public static CategoryTree of(Collection<Category> categories) {
    if (categories.isEmpty()) {
      throw new IllegalArgumentException("a category tree needs at least one category");
    }
    return new CategoryTree(List.copyOf(categories));
  }

  private static String digestOf(List<Category> sorted) {
    MessageDigest sha = sha256();
    for (Category category : sorted) {
      updateText(sha, category.code());
      updateText(sha, category.name());
      updateText(sha, category.parentCode() == null ? "" : category.parentCode());
    }
    return HexFormat.of().formatHex(sha.digest());
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  static void updateText(MessageDigest sha, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int length = bytes.length;
    // The length in front keeps ("ab", "c") apart from ("a", "bc").
    sha.update(
        new byte[] {
          (byte) (length >>> 24), (byte) (length >>> 16), (byte) (length >>> 8), (byte) length
        });
    sha.update(bytes);
  }

  /**
   * How many categories there are, inner ones included.
   *
   * @return the count
   */
  public int size() {
    return codes.length;
  }

  /**
   * Whether a category exists.
   *
   * @param code a code
   * @return true if the tree has it
   */
  public boolean contains(String code) {
    return indexByCode.containsKey(code);
  }

  /**
   * All codes, in their natural order.
   *
   * @return unmodifiable
   */
  public List<String> codes() {
    return Collections.unmodifiableList(Arrays.asList(codes));
  }

  /**
   * The name of a category.
   *
   * @param code its code
   * @return the name
   * @throws IllegalArgumentException if there is no such category; so for every method that takes a
   *     code
   */
  public String name(String code) {
    return names[indexOf(code)];
  }

  /**
   * The names from the root down to the category.
   *
   * @param code its code
   * @return at least one name; the last is the category's own
   */
  public List<String> path(String code) {
    List<String> path = new ArrayList<>();
    for (int node = indexOf(code); node >= 0; node = parents[node]) {
      path.add(names[node]);
    }
    Collections.reverse(path);
    return Collections.unmodifiableList(path);
  }

  /**
   * The codes from the root down to the category.
   *
   * @param code its code
   * @return at least one code; the last is the category's own
   */
  public List<String> pathCodes(String code) {
    List<String> path = new ArrayList<>();
    for (int node = indexOf(code); node >= 0; node = parents[node]) {
      path.add(codes[node]);
    }
    Collections.reverse(path);
    return Collections.unmodifiableList(path);
  }

  /**
   * The level of a category.
   *
   * @param code its code
   * @return 1 for a root
   */
  public int level(String code) {
    return levels[indexOf(code)];
  }

  /**
   * The category above.
   *
   * @param code a category's code
   * @return empty for a root
   */
  public Optional<String> parent(String code) {
    int parent = parents[indexOf(code)];
    return parent < 0 ? Optional.empty() : Optional.of(codes[parent]);
  }

  /**
   * The categories directly below.
   *
   * @param code a category's code
   * @return codes in natural order; empty for a leaf
   */
  public List<String> children(String code) {
    return codesOf(children[indexOf(code)]);
  }

  /**
   * The categories without a parent.
   *
   * @return codes in natural order
   */
  public List<String> roots() {
    return codesOf(roots);
  }

  /**
   * The categories without children.
   *
   * @return codes in natural order
   */
  public List<String> leaves() {
    List<String> leaves = new ArrayList<>();
    for (int i = 0; i < codes.length; i++) {
      if (children[i].length == 0) {
        leaves.add(codes[i]);
      }
    }
    return Collections.unmodifiableList(leaves);
  }

  /**
   * SHA-256 over all (code, name, parent code), sorted by code. Two trees with the same digest are
   * the same tree.
   *
   * @return 64 hexadecimal digits
   */
  public String digest() {
    return digest;
  }

  int indexOf(String code) {
    Integer index = indexByCode.get(code);
    if (index == null) {
      throw new IllegalArgumentException("there is no category with the code " + code);
    }
    return index;
  }

  int indexOrMinusOne(String code) {
    return indexByCode.getOrDefault(code, -1);
  }

  String code(int index) {
    return codes[index];
  }

  String nameAt(int index) {
    return names[index];
  }

  int parentOf(int index) {
    return parents[index];
  }

  int levelOf(int index) {
    return levels[index];
  }

  int[] childrenOf(int index) {
    return children[index];
  }

  int[] rootIndexes() {
    return roots;
  }

  private List<String> codesOf(int[] indexes) {
    List<String> list = new ArrayList<>(indexes.length);
    for (int index : indexes) {
      list.add(codes[index]);
    }
    return Collections.unmodifiableList(list);
  }
}
