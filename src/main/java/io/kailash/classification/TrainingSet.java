package io.kailash.classification;

import io.kailash.catalog.LabelledItems;
import io.kailash.classification.model.Example;
import io.kailash.classification.model.ItemText;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import javax.sql.DataSource;

/**
 * The labels of one taxonomy at one moment, on disk, in two parts: what models learn from, and what
 * they are judged on. The part is chosen by the title alone, so equal titles are never on both
 * sides and an example judged today was not learnt from by any earlier model.
 */
final class TrainingSet implements AutoCloseable {
  private static final int PARTS = 10_000;

  private final Path learnt;
  private final Path heldOut;
  private long learntCount;
  private long heldOutCount;

  private TrainingSet(Path learnt, Path heldOut) {
    this.learnt = learnt;
    this.heldOut = heldOut;
  }

  /** Reads all labels. */
  static TrainingSet gather(
      long taxonomyId, LabelledItems items, DataSource database, double heldOutShare) {
    try {
      TrainingSet set =
          new TrainingSet(
              Files.createTempFile("kailash-learnt", ".examples"),
              Files.createTempFile("kailash-held-out", ".examples"));
      try (DataOutputStream toLearn = output(set.learnt);
          DataOutputStream toJudge = output(set.heldOut)) {
        items.forEach(
            taxonomyId,
            item ->
                set.add(
                    toLearn,
                    toJudge,
                    heldOutShare,
                    new Example(
                        new ItemText(
                            item.title(),
                            item.brand(),
                            item.description(),
                            item.supplierCategory(),
                            item.url()),
                        item.categoryCode())));
        set.addLabelledTexts(taxonomyId, database, toLearn, toJudge, heldOutShare);
      } catch (IOException | SQLException | RuntimeException failure) {
        set.close();
        throw failure;
      }
      return set;
    } catch (IOException | SQLException failure) {
      throw new IllegalStateException("cannot gather the labels", failure);
    }
  }

  private void addLabelledTexts(
      long taxonomyId,
      DataSource database,
      DataOutputStream toLearn,
      DataOutputStream toJudge,
      double heldOutShare)
      throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement select =
            connection.prepareStatement(
                "select title, brand, description, supplier_category, url, category_code"
                    + " from labelled_text where taxonomy_id = ? order by decision_id")) {
      select.setLong(1, taxonomyId);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          add(
              toLearn,
              toJudge,
              heldOutShare,
              new Example(
                  new ItemText(
                      row.getString(1),
                      row.getString(2),
                      row.getString(3),
                      row.getString(4),
                      row.getString(5)),
                  row.getString(6)));
        }
      }
    }
  }

  private void add(
      DataOutputStream toLearn, DataOutputStream toJudge, double heldOutShare, Example example) {
    try {
      if (isHeldOut(example.item().title(), heldOutShare)) {
        write(toJudge, example);
        heldOutCount++;
      } else {
        write(toLearn, example);
        learntCount++;
      }
    } catch (IOException full) {
      throw new UncheckedIOException(full);
    }
  }

  /** The same for the same title, for ever: models trained at different times must agree on it. */
  static boolean isHeldOut(String title, double share) {
    long hash = TextHash.of(title);
    hash ^= hash >>> 32;
    return Math.floorMod(hash, PARTS) < share * PARTS;
  }

  /** What models learn from; for {@link #read}. */
  Path learnt() {
    return learnt;
  }

  long learntCount() {
    return learntCount;
  }

  Stream<Example> heldOut() {
    return read(heldOut);
  }

  long heldOutCount() {
    return heldOutCount;
  }

  private static DataOutputStream output(Path file) throws IOException {
    return new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file), 1 << 16));
  }

  private static void write(DataOutputStream out, Example example) throws IOException {
    ItemText text = example.item();
    for (String part :
        new String[] {
          example.categoryCode(),
          text.title(),
          text.brand(),
          text.description(),
          text.supplierCategory(),
          text.url()
        }) {
      if (part == null) {
        out.writeInt(-1);
      } else {
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
      }
    }
  }

  /** The examples of a file, in the order in which they were written. */
  static Stream<Example> read(Path file) {
    try {
      DataInputStream in =
          new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16));
      Iterator<Example> examples = new ExampleIterator(in);
      return StreamSupport.stream(
              Spliterators.spliteratorUnknownSize(
                  examples, Spliterator.ORDERED | Spliterator.NONNULL),
              false)
          .onClose(
              () -> {
                try {
                  in.close();
                } catch (IOException failure) {
                  throw new UncheckedIOException(failure);
                }
              });
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(learnt);
    Files.deleteIfExists(heldOut);
  }

  private static final class ExampleIterator implements Iterator<Example> {
    private final DataInputStream in;
    private Example next;

    ExampleIterator(DataInputStream in) {
      this.in = in;
      advance();
    }

    private void advance() {
      try {
        String category;
        try {
          category = text();
        } catch (EOFException end) {
          next = null;
          return;
        }
        next = new Example(new ItemText(text(), text(), text(), text(), text()), category);
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }

    private String text() throws IOException {
      int length = in.readInt();
      return length < 0 ? null : new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    @Override
    public boolean hasNext() {
      return next != null;
    }

    @Override
    public Example next() {
      if (next == null) {
        throw new NoSuchElementException();
      }
      Example current = next;
      advance();
      return current;
    }
  }
}
