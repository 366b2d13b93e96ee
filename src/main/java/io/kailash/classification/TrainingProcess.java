package io.kailash.classification;

import io.kailash.classification.model.CategoryTree;
import io.kailash.classification.model.TooFewExamplesException;
import io.kailash.classification.model.TrainedModel;
import io.kailash.classification.model.Trainer;
import io.kailash.classification.model.TrainingOptions;
import io.kailash.classification.model.TrainingProgress;
import io.kailash.jobs.JobFailedException;
import io.kailash.jobs.ProcessReport;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/**
 * Trains a classifier from files to a file, in a process of its own, which has the libraries of the
 * application and none of the server's. Arguments: categories, examples (as {@link TrainingSet}
 * writes them), the model to write, threads, back-off threshold.
 */
final class TrainingProcess {
  private TrainingProcess() {}

  /** Writes the categories as {@link #main} reads them. */
  static void writeCategories(List<CategoryTree.Category> categories, Path file)
      throws IOException {
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
      out.writeInt(categories.size());
      for (CategoryTree.Category category : categories) {
        out.writeUTF(category.code());
        out.writeUTF(category.name());
        out.writeBoolean(category.parentCode() != null);
        if (category.parentCode() != null) {
          out.writeUTF(category.parentCode());
        }
      }
    }
  }

  private static CategoryTree readCategories(Path file) throws IOException {
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      List<CategoryTree.Category> categories = new ArrayList<>();
      for (int left = in.readInt(); left > 0; left--) {
        categories.add(
            new CategoryTree.Category(
                in.readUTF(), in.readUTF(), in.readBoolean() ? in.readUTF() : null));
      }
      return CategoryTree.of(categories);
    }
  }

  public static void main(String[] arguments) {
    Clock clock = Clock.systemUTC();
    ProcessReport.run(report -> train(arguments, clock, report));
  }

  private static void train(String[] arguments, Clock clock, ProcessReport report)
      throws IOException {
    CategoryTree tree = readCategories(Path.of(arguments[0]));
    TrainingOptions options =
        TrainingOptions.defaults()
            .withThreads(Integer.parseInt(arguments[3]))
            .withBackOffThreshold(Double.parseDouble(arguments[4]));
    TrainedModel trained;
    try {
      trained =
          new Trainer(clock)
              .train(
                  tree,
                  () -> TrainingSet.read(Path.of(arguments[1])),
                  options,
                  new TrainingProgress() {
                    @Override
                    public void at(String phase, double fractionDone) {
                      report.at(phase, fractionDone);
                    }

                    @Override
                    public boolean cancelled() {
                      return false;
                    }
                  });
    } catch (TooFewExamplesException tooFew) {
      throw new JobFailedException(tooFew.getMessage(), tooFew);
    }
    try (OutputStream out =
        new BufferedOutputStream(Files.newOutputStream(Path.of(arguments[2])))) {
      trained.model().write(out);
    }
  }
}
