package io.kailash.classification.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The decisions of a model: the part of the category tree that has labels, without categories that
 * leave no choice. Node 0 is the root; every other node has one linear score. An end stands for one
 * learnt class; a category that is itself a label and has labels below gets an end of its own among
 * its children.
 */
final class LabelTree {

  /** parent[0] is -1; a parent comes before its children. */
  final int[] parent;

  /** The class of an end, -1 for any other node. */
  final int[] classOf;

  final int[][] children;
  final int[] endOfClass;

  LabelTree(int[] parent, int[] classOf) {
    this.parent = parent;
    this.classOf = classOf;
    int[] counts = new int[parent.length];
    int classes = 0;
    for (int node = 1; node < parent.length; node++) {
      counts[parent[node]]++;
      classes = Math.max(classes, classOf[node] + 1);
    }
    children = new int[parent.length][];
    for (int node = 0; node < parent.length; node++) {
      children[node] = new int[counts[node]];
    }
    endOfClass = new int[classes];
    int[] filled = new int[parent.length];
    for (int node = 1; node < parent.length; node++) {
      children[parent[node]][filled[parent[node]]++] = node;
      if (classOf[node] >= 0) {
        endOfClass[classOf[node]] = node;
      }
    }
  }

  int size() {
    return parent.length;
  }

  /**
   * Builds the decisions for the given classes.
   *
   * @param tree the categories
   * @param classes tree indexes of the categories with labels
   */
  static LabelTree along(CategoryTree tree, int[] classes) {
    int[] classAt = new int[tree.size()];
    Arrays.fill(classAt, -1);
    for (int c = 0; c < classes.length; c++) {
      classAt[classes[c]] = c;
    }
    boolean[] labelled = new boolean[tree.size()];
    for (int category : classes) {
      for (int at = category; at >= 0 && !labelled[at]; at = tree.parentOf(at)) {
        labelled[at] = true;
      }
    }
    List<int[]> nodes = new ArrayList<>();
    nodes.add(new int[] {-1, -1});
    addChoices(tree, tree.rootIndexes(), -1, 0, labelled, classAt, nodes);
    int[] parent = new int[nodes.size()];
    int[] classOf = new int[nodes.size()];
    for (int i = 0; i < parent.length; i++) {
      parent[i] = nodes.get(i)[0];
      classOf[i] = nodes.get(i)[1];
    }
    return new LabelTree(parent, classOf);
  }

  private static void addChoices(
      CategoryTree tree,
      int[] categories,
      int ownClass,
      int node,
      boolean[] labelled,
      int[] classAt,
      List<int[]> nodes) {
    List<Integer> choices = new ArrayList<>();
    for (int category : categories) {
      if (labelled[category]) {
        choices.add(category);
      }
    }
    if (choices.size() == 1 && ownClass < 0) {
      int only = choices.get(0);
      int below = labelledChildren(tree, only, labelled);
      if (below == 0) {
        nodes.add(new int[] {node, classAt[only]});
      } else {
        addChoices(tree, tree.childrenOf(only), classAt[only], node, labelled, classAt, nodes);
      }
      return;
    }
    if (ownClass >= 0) {
      nodes.add(new int[] {node, ownClass});
    }
    for (int category : choices) {
      int end = category;
      // A chain without a choice and without a label of its own is one decision.
      while (classAt[end] < 0 && labelledChildren(tree, end, labelled) == 1) {
        for (int child : tree.childrenOf(end)) {
          if (labelled[child]) {
            end = child;
            break;
          }
        }
      }
      if (labelledChildren(tree, end, labelled) == 0) {
        nodes.add(new int[] {node, classAt[end]});
      } else {
        int added = nodes.size();
        nodes.add(new int[] {node, -1});
        addChoices(tree, tree.childrenOf(end), classAt[end], added, labelled, classAt, nodes);
      }
    }
  }

  private static int labelledChildren(CategoryTree tree, int category, boolean[] labelled) {
    int count = 0;
    for (int child : tree.childrenOf(category)) {
      if (labelled[child]) {
        count++;
      }
    }
    return count;
  }
}
