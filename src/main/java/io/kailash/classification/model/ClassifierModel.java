package io.kailash.classification.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A trained classifier. Immutable; safe for any number of threads. */
public final class ClassifierModel {

  private final ModelParts parts;
  private final ScorerPool pool;

  /** For each class the tree indexes from the root down to it. */
  private final int[][] paths;

  private final int[] classesByFrequency;

  ClassifierModel(ModelParts parts) {
    this.parts = parts;
    pool = new ScorerPool(parts);
    int count = parts.classes().length;
    paths = new int[count][];
    for (int c = 0; c < count; c++) {
      int level = parts.tree().levelOf(parts.classes()[c]);
      paths[c] = new int[level];
      for (int at = parts.classes()[c]; at >= 0; at = parts.tree().parentOf(at)) {
        paths[c][--level] = at;
      }
    }
    List<Integer> order = new ArrayList<>();
    for (int c = 0; c < count; c++) {
      order.add(c);
    }
    order.sort((a, b) -> Integer.compare(parts.classCounts()[b], parts.classCounts()[a]));
    classesByFrequency = order.stream().mapToInt(Integer::intValue).toArray();
  }

  /** The same model with its raw confidences, to see what calibration is worth. */
  ClassifierModel withoutCalibration() {
    return new ClassifierModel(parts.withCalibration(IsotonicCalibration.identity()));
  }

  /**
   * Reads a model file to its end.
   *
   * @param in the file; not closed
   * @return the model
   * @throws ModelFileException if the file is cut, damaged, of another kind or of an unknown
   *     version
   * @throws IOException if reading fails
   */
  public static ClassifierModel read(InputStream in) throws IOException {
    return new ClassifierModel(ModelFile.read(in));
  }

  /**
   * Writes the model file. The same model gives the same bytes.
   *
   * @param out where to; flushed, not closed
   * @throws IOException if writing fails
   */
  public void write(OutputStream out) throws IOException {
    ModelFile.write(parts, out);
  }

  /**
   * What is known about this model.
   *
   * @return the description
   */
  public ModelDescription description() {
    return parts.description();
  }

  /**
   * The categories the model was trained on. The model file carries them.
   *
   * @return the tree
   */
  public CategoryTree tree() {
    return parts.tree();
  }

  /**
   * Classifies an item with the model's own back-off threshold.
   *
   * @param item the item
   * @param alternatives at most so many alternatives in the answer, at least 1
   * @return the answer
   */
  public Prediction classify(ItemText item, int alternatives) {
    return classify(item, alternatives, parts.backOffThreshold());
  }

  /**
   * Classifies an item.
   *
   * @param item the item
   * @param alternatives at most so many alternatives in the answer, at least 1
   * @param backOffThreshold from 0 to 1, see {@link Prediction#category()}
   * @return the answer
   */
  public Prediction classify(ItemText item, int alternatives, double backOffThreshold) {
    if (alternatives < 1) {
      throw new IllegalArgumentException(
          "at least one alternative must be asked for, not " + alternatives);
    }
    if (!(backOffThreshold >= 0 && backOffThreshold <= 1)) {
      throw new IllegalArgumentException(
          "the back-off threshold must be from 0 to 1, not " + backOffThreshold);
    }
    Scorer scorer = pool.take();
    int known = scorer.score(item, parts.temperature());
    if (known == 0) {
      knowNothing(scorer.answer);
    } else {
      calibrate(scorer.answer);
    }
    Prediction prediction = answer(scorer.answer, alternatives, backOffThreshold, known);
    // Only a scorer that came through whole goes back: after an exception its buffers are in doubt.
    pool.giveBack(scorer);
    return prediction;
  }

  /**
   * Nothing is known about the item, so every class is as likely as any other; the frequent ones
   * come first.
   */
  private void knowNothing(ClassProbabilities answer) {
    int count = parts.classes().length;
    for (int i = 0; i < count; i++) {
      answer.classes[i] = classesByFrequency[i];
      answer.probabilities[i] = 1f / count;
    }
    answer.count = count;
  }

  /**
   * The first gets its calibrated confidence; the others share what is left in the old proportions.
   */
  private void calibrate(ClassProbabilities answer) {
    float[] p = answer.probabilities;
    int best = 0;
    for (int i = 1; i < answer.count; i++) {
      if (p[i] > p[best]) {
        best = i;
      }
    }
    float calibrated = parts.calibration().apply(p[best]);
    double rest = 0;
    for (int i = 0; i < answer.count; i++) {
      rest += i == best ? 0 : p[i];
    }
    float others = rest > 0 ? (float) ((1 - calibrated) / rest) : 0;
    for (int i = 0; i < answer.count; i++) {
      p[i] = i == best ? calibrated : Math.min(calibrated, p[i] * others);
    }
    // The first stays first, also among equals.
    float first = p[0];
    p[0] = p[best];
    p[best] = first;
    int firstClass = answer.classes[0];
    answer.classes[0] = answer.classes[best];
    answer.classes[best] = firstClass;
  }

  private Prediction answer(
      ClassProbabilities answer, int alternatives, double threshold, int known) {
    int count = answer.count;
    float[] p = answer.probabilities;
    int[] c = answer.classes;
    int wanted = Math.min(count, Math.max(2, alternatives));
    for (int i = 1; i < wanted; i++) {
      int top = i;
      for (int j = i + 1; j < count; j++) {
        if (p[j] > p[top]) {
          top = j;
        }
      }
      float swap = p[i];
      p[i] = p[top];
      p[top] = swap;
      int swapClass = c[i];
      c[i] = c[top];
      c[top] = swapClass;
    }
    int[] path = paths[c[0]];
    double[] sums = new double[path.length];
    for (int i = 0; i < count; i++) {
      int[] other = paths[c[i]];
      for (int level = 0;
          level < path.length && level < other.length && other[level] == path[level];
          level++) {
        sums[level] += p[i];
      }
    }
    var levels = new Prediction.LevelConfidence[path.length];
    int chosen = 0;
    for (int level = 0; level < path.length; level++) {
      double confidence = Math.min(1, sums[level]);
      levels[level] =
          new Prediction.LevelConfidence(level + 1, parts.tree().code(path[level]), confidence);
      if (confidence >= threshold) {
        chosen = level;
      }
    }
    var others = new Prediction.Alternative[Math.min(alternatives, wanted)];
    for (int i = 0; i < others.length; i++) {
      others[i] = new Prediction.Alternative(parts.tree().code(parts.classes()[c[i]]), p[i]);
    }
    Prediction.LevelConfidence taken = levels[chosen];
    return new Prediction(
        taken.code(),
        taken.confidence(),
        taken.confidence() >= threshold,
        parts.tree().code(parts.classes()[c[0]]),
        p[0],
        List.of(levels),
        List.of(others),
        count > 1 ? p[0] - p[1] : p[0],
        known);
  }

  /**
   * What in the item speaks for or against a category. What a part of a word adds is counted to the
   * word.
   *
   * @param item the item
   * @param categoryCode a category of the tree; for an inner one, the best category below it is
   *     explained
   * @param limit at most so many
   * @return the strongest first, by absolute contribution; empty if nothing is known about it
   * @throws IllegalArgumentException if the tree has no such category
   */
  public List<Evidence> explain(ItemText item, String categoryCode, int limit) {
    int category = parts.tree().indexOf(categoryCode);
    Scorer scorer = parts.scorer();
    if (scorer.score(item, parts.temperature()) == 0) {
      return List.of();
    }
    int explained = bestBelow(category, scorer.answer);
    if (explained < 0) {
      return List.of();
    }
    ItemVectors vectors = scorer.vectors;
    Map<Integer, Float> contributions = new HashMap<>();
    for (int i = 0; i < vectors.length(); i++) {
      int feature = vectors.features()[i];
      float sum = 0;
      for (int node = parts.labelTree().endOfClass[explained];
          node > 0;
          node = parts.labelTree().parent[node]) {
        boolean end = parts.labelTree().classOf[node] >= 0;
        sum +=
            (end || !parts.flat() ? 1 : parts.innerWeight())
                * parts.weights().weight(feature, node);
      }
      contributions.put(feature, sum * vectors.values()[i]);
    }
    FeatureReader reader = vectors.reader();
    reader.readWithPositions(item);
    Map<String, Evidence> found = new HashMap<>();
    for (int i = 0; i < reader.count(); i++) {
      int feature = parts.vocabulary().ids.get(reader.hash(i));
      // Each feature counts once, at its first place: a repeat is in its value already.
      Float contribution = feature < 0 ? null : contributions.remove(feature);
      if (contribution == null || contribution == 0) {
        continue;
      }
      Evidence.Field field = reader.fieldOf(i);
      found.merge(
          field + "/" + reader.textOf(i),
          new Evidence(field, reader.textOf(i), contribution),
          (a, b) -> new Evidence(a.field(), a.text(), a.contribution() + b.contribution()));
    }
    List<Evidence> all = new ArrayList<>(found.values());
    all.sort(
        (a, b) -> {
          int order = Double.compare(Math.abs(b.contribution()), Math.abs(a.contribution()));
          return order != 0 ? order : a.text().compareTo(b.text());
        });
    return Collections.unmodifiableList(
        new ArrayList<>(all.subList(0, Math.min(limit, all.size()))));
  }

  private int bestBelow(int category, ClassProbabilities answer) {
    int level = parts.tree().levelOf(category) - 1;
    int best = -1;
    float bestProbability = -1;
    for (int i = 0; i < answer.count; i++) {
      int[] path = paths[answer.classes[i]];
      if (path.length > level
          && path[level] == category
          && answer.probabilities[i] > bestProbability) {
        best = answer.classes[i];
        bestProbability = answer.probabilities[i];
      }
    }
    if (best < 0) {
      for (int c : classesByFrequency) {
        if (paths[c].length > level && paths[c][level] == category) {
          return c;
        }
      }
    }
    return best;
  }
}
