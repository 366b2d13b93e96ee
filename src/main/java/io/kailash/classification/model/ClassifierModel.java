package io.kailash.classification.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

/** A trained classifier. Immutable; safe for any number of threads. */
public final class ClassifierModel {

  private ClassifierModel() {}

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
    throw new UnsupportedOperationException("to come");
  }

  /**
   * Writes the model file. The same model gives the same bytes.
   *
   * @param out where to; flushed, not closed
   * @throws IOException if writing fails
   */
  public void write(OutputStream out) throws IOException {
    throw new UnsupportedOperationException("to come");
  }

  /**
   * What is known about this model.
   *
   * @return the description
   */
  public ModelDescription description() {
    throw new UnsupportedOperationException("to come");
  }

  /**
   * The categories the model was trained on. The model file carries them.
   *
   * @return the tree
   */
  public CategoryTree tree() {
    throw new UnsupportedOperationException("to come");
  }

  /**
   * Classifies an item with the model's own back-off threshold.
   *
   * @param item the item
   * @param alternatives at most so many alternatives in the answer, at least 1
   * @return the answer
   */
  public Prediction classify(ItemText item, int alternatives) {
    throw new UnsupportedOperationException("to come");
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
    throw new UnsupportedOperationException("to come");
  }

  /**
   * What in the item speaks for or against a category.
   *
   * @param item the item
   * @param categoryCode a category of the tree; for an inner one, the best category below it is
   *     explained
   * @param limit at most so many
   * @return the strongest first, by absolute contribution; empty if nothing is known about it
   * @throws IllegalArgumentException if the tree has no such category
   */
  public List<Evidence> explain(ItemText item, String categoryCode, int limit) {
    throw new UnsupportedOperationException("to come");
  }
}
