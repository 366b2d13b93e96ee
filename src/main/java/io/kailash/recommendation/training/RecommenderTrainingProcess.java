package io.kailash.recommendation.training;

import io.kailash.jobs.ProcessReport;
import io.kailash.recommendation.model.Interaction;
import io.kailash.recommendation.model.InteractionSource;
import io.kailash.recommendation.model.Kind;
import io.kailash.recommendation.model.RecommenderOptions;
import io.kailash.recommendation.model.RecommenderProgress;
import io.kailash.recommendation.model.RecommenderTrainer;
import io.kailash.recommendation.model.TrainedRecommender;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.function.Consumer;

/**
 * Trains a recommender from a file to a file, in a process of its own. It has the libraries of the
 * application and none of the server's. Arguments: interactions, the model to write, threads.
 */
final class RecommenderTrainingProcess {
  private RecommenderTrainingProcess() {}

  /** Writes interactions as {@link #main} reads them. */
  static void write(InteractionSource source, Path file) throws IOException {
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file), 1 << 16))) {
      source.forEach(
          one -> {
            try {
              out.writeUTF(one.user());
              out.writeUTF(one.item());
              out.writeByte(one.kind().ordinal());
              out.writeFloat(one.value());
              out.writeLong(one.atMillis());
            } catch (IOException full) {
              throw new UncheckedIOException(full);
            }
          });
    } catch (UncheckedIOException full) {
      throw full.getCause();
    }
  }

  private static void read(Path file, Consumer<Interaction> reader) {
    Kind[] kinds = Kind.values();
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
      while (true) {
        String user;
        try {
          user = in.readUTF();
        } catch (EOFException end) {
          return;
        }
        reader.accept(
            new Interaction(
                user, in.readUTF(), kinds[in.readByte()], in.readFloat(), in.readLong()));
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  public static void main(String[] arguments) {
    Clock clock = Clock.systemUTC();
    ProcessReport.run(report -> train(arguments, clock, report));
  }

  private static void train(String[] arguments, Clock clock, ProcessReport report)
      throws IOException {
    TrainedRecommender trained =
        new RecommenderTrainer(clock)
            .train(
                reader -> read(Path.of(arguments[0]), reader),
                RecommenderOptions.defaults().withThreads(Integer.parseInt(arguments[2])),
                new RecommenderProgress() {
                  @Override
                  public void at(String phase, double fractionDone) {
                    report.at(phase, fractionDone);
                  }

                  @Override
                  public boolean cancelled() {
                    return false;
                  }
                });
    try (OutputStream out =
        new BufferedOutputStream(Files.newOutputStream(Path.of(arguments[1])))) {
      trained.model().write(out);
    }
  }
}
