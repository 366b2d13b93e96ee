package io.kailash.classification.model;

import java.util.Arrays;

/**
 * Turns the scores of the nodes into probabilities of classes. Flat: softmax over all ends of (own
 * score + weight × sum of the scores above). Tree: down the tree, at each node softmax over its
 * children, following the best branches only (beam search). Holds buffers, so it belongs to one
 * thread at a time.
 */
final class ClassProbabilities {

  private static final float NEGLIGIBLE = 1e-5f;

  private final LabelTree tree;
  private final boolean flat;
  private final float innerWeight;
  private final int beamWidth;

  /** The classes found, with their probabilities; the first {@link #count} count. */
  final int[] classes;

  final float[] probabilities;
  int count;

  private final float[] pathScores;
  private int[] beam;
  private float[] beamProbabilities;
  private int[] next;
  private float[] nextProbabilities;

  ClassProbabilities(LabelTree tree, boolean flat, float innerWeight, int beamWidth) {
    this.tree = tree;
    this.flat = flat;
    this.innerWeight = innerWeight;
    this.beamWidth = beamWidth;
    int classCount = tree.endOfClass.length;
    classes = new int[classCount];
    probabilities = new float[classCount];
    pathScores = new float[flat ? tree.size() : 0];
    beam = new int[flat ? 0 : 256];
    beamProbabilities = new float[beam.length];
    next = new int[beam.length];
    nextProbabilities = new float[beam.length];
  }

  void of(float[] scores, float temperature) {
    if (flat) {
      ofFlat(scores, temperature);
    } else {
      ofTree(scores, temperature);
    }
  }

  private void ofFlat(float[] scores, float temperature) {
    int size = tree.size();
    float best = Float.NEGATIVE_INFINITY;
    for (int node = 1; node < size; node++) {
      float above = pathScores[tree.parent[node]];
      if (tree.classOf[node] >= 0) {
        pathScores[node] = above + scores[node];
        best = Math.max(best, pathScores[node]);
      } else {
        pathScores[node] = above + innerWeight * scores[node];
      }
    }
    int n = tree.endOfClass.length;
    float sum = 0;
    for (int c = 0; c < n; c++) {
      float exponent = temperature * (pathScores[tree.endOfClass[c]] - best);
      float p = exponent < -14 ? 0 : (float) Math.exp(exponent);
      classes[c] = c;
      probabilities[c] = p;
      sum += p;
    }
    float scale = 1 / sum;
    for (int c = 0; c < n; c++) {
      probabilities[c] *= scale;
    }
    count = n;
  }

  private void ofTree(float[] scores, float temperature) {
    count = 0;
    int width = 1;
    beam[0] = 0;
    beamProbabilities[0] = 1;
    while (width > 0) {
      int nextWidth = 0;
      for (int b = 0; b < width; b++) {
        int[] children = tree.children[beam[b]];
        float best = Float.NEGATIVE_INFINITY;
        for (int child : children) {
          best = Math.max(best, scores[child]);
        }
        if (nextWidth + children.length > next.length) {
          int size = Math.max(next.length * 2, nextWidth + children.length);
          next = Arrays.copyOf(next, size);
          nextProbabilities = Arrays.copyOf(nextProbabilities, size);
        }
        float sum = 0;
        int from = nextWidth;
        for (int child : children) {
          float exponent = temperature * (scores[child] - best);
          if (exponent > -12) {
            float p = (float) Math.exp(exponent);
            sum += p;
            next[nextWidth] = child;
            nextProbabilities[nextWidth++] = p;
          }
        }
        float scale = beamProbabilities[b] / sum;
        for (int i = from; i < nextWidth; i++) {
          nextProbabilities[i] *= scale;
        }
      }
      // Ends go to the answer, the rest is cut to the beam.
      int inner = 0;
      for (int i = 0; i < nextWidth; i++) {
        float p = nextProbabilities[i];
        if (p < NEGLIGIBLE) {
          continue;
        }
        int c = tree.classOf[next[i]];
        if (c >= 0) {
          classes[count] = c;
          probabilities[count++] = p;
        } else {
          next[inner] = next[i];
          nextProbabilities[inner++] = p;
        }
      }
      if (beam.length < next.length) {
        beam = new int[next.length];
        beamProbabilities = new float[next.length];
      }
      width = Math.min(inner, beamWidth);
      for (int b = 0; b < width; b++) {
        int top = b;
        for (int i = b + 1; i < inner; i++) {
          if (nextProbabilities[i] > nextProbabilities[top]) {
            top = i;
          }
        }
        int node = next[top];
        float p = nextProbabilities[top];
        next[top] = next[b];
        nextProbabilities[top] = nextProbabilities[b];
        beam[b] = node;
        beamProbabilities[b] = p;
      }
    }
  }
}
