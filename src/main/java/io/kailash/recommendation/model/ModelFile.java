package io.kailash.recommendation.model;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/**
 * The file of a model; its layout is in the description of this package. The checksum covers all
 * that follows it.
 */
final class ModelFile {

  static final int VERSION = 1;

  private static final byte[] MAGIC = "KAILASHR".getBytes(StandardCharsets.US_ASCII);
  private static final long MOST_BYTES = 1L << 30;

  private ModelFile() {}

  static void write(ModelParts parts, OutputStream out) throws IOException {
    ByteArrayOutputStream content = new ByteArrayOutputStream(1 << 20);
    Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
    try (DataOutputStream data =
        new DataOutputStream(new DeflaterOutputStream(content, deflater, 1 << 16))) {
      writeContent(parts, data);
    } finally {
      deflater.end();
    }
    byte[] bytes = content.toByteArray();
    DataOutputStream header = new DataOutputStream(out);
    header.write(MAGIC);
    header.writeInt(VERSION);
    header.writeLong(bytes.length);
    header.write(InteractionTable.sha256().digest(bytes));
    header.write(bytes);
    header.flush();
  }

  static ModelParts read(InputStream in) throws IOException {
    DataInputStream header = new DataInputStream(in);
    byte[] bytes;
    try {
      byte[] magic = new byte[MAGIC.length];
      header.readFully(magic);
      if (!Arrays.equals(magic, MAGIC)) {
        throw new ModelFileException(
            "this is not a recommender model: it does not begin with KAILASHR");
      }
      int version = header.readInt();
      if (version != VERSION) {
        throw new ModelFileException(
            "the model has format version " + version + "; this program reads version " + VERSION);
      }
      long length = header.readLong();
      if (length < 0 || length > MOST_BYTES) {
        throw new ModelFileException(
            "the model says it has " + length + " bytes of content, which cannot be");
      }
      byte[] checksum = new byte[32];
      header.readFully(checksum);
      bytes = in.readNBytes((int) length);
      if (bytes.length < length) {
        throw new ModelFileException(
            "the model is cut: " + bytes.length + " of " + length + " bytes of content");
      }
      if (in.read() >= 0) {
        throw new ModelFileException("the model has bytes after its end");
      }
      if (!MessageDigest.isEqual(checksum, InteractionTable.sha256().digest(bytes))) {
        throw new ModelFileException(
            "the model is damaged: its checksum does not match its content");
      }
    } catch (EOFException e) {
      throw new ModelFileException("the model is cut within its first 52 bytes", e);
    }
    Inflater inflater = new Inflater(true);
    // The buffer spares a call of the inflater for every byte of a number.
    try (DataInputStream data =
        new DataInputStream(
            new BufferedInputStream(
                new InflaterInputStream(new ByteArrayInputStream(bytes), inflater, 1 << 16),
                1 << 16))) {
      return readContent(data);
    } catch (EOFException | RuntimeException e) {
      throw new ModelFileException("the model's content contradicts itself", e);
    } finally {
      inflater.end();
    }
  }

  private static void writeContent(ModelParts parts, DataOutputStream out) throws IOException {
    RecommenderDescription description = parts.description();
    out.writeLong(description.trainedAt().getEpochSecond());
    out.writeInt(description.trainedAt().getNano());
    out.writeUTF(description.trainingDataDigest());
    out.writeLong(description.interactions());
    out.writeLong(description.pairs());
    writeCount(description.users(), out);
    writeCount(description.similarityWeights().size(), out);
    for (Map.Entry<String, Double> weight :
        new TreeMap<>(description.similarityWeights()).entrySet()) {
      writeText(weight.getKey(), out);
      out.writeDouble(weight.getValue());
    }
    out.writeDouble(description.recencyOffset());
    RecommenderQuality quality = description.heldOut();
    out.writeLong(quality.users());
    out.writeLong(quality.heldOut());
    out.writeDouble(quality.recallAt20());
    out.writeDouble(quality.ndcgAt10());
    out.writeDouble(quality.coverage());
    out.writeDouble(quality.noveltyBits());
    writeCount(parts.items().length, out);
    for (String item : parts.items()) {
      writeText(item, out);
    }
    writeCount(parts.popularItems().length, out);
    for (int k = 0; k < parts.popularItems().length; k++) {
      writeCount(parts.popularItems()[k], out);
      out.writeFloat(parts.popularScores()[k]);
    }
    writeCount(parts.weights().size(), out);
    for (Map.Entry<Source, Double> weight : new EnumMap<>(parts.weights()).entrySet()) {
      writeText(weight.getKey().name(), out);
      out.writeDouble(weight.getValue());
    }
    writeCount(parts.historyLimit(), out);
    for (double strength : parts.strengths()) {
      out.writeDouble(strength);
    }
    SimilarityTable table = parts.table();
    for (int row = 0; row < table.size(); row++) {
      writeCount(table.starts[row + 1] - table.starts[row], out);
      if (table.starts[row] < table.starts[row + 1]) {
        out.writeFloat(table.scales[row]);
      }
    }
    for (int row = 0; row < table.size(); row++) {
      int item = 0;
      for (int e = table.starts[row]; e < table.starts[row + 1]; e++) {
        writeCount(table.items[e] - item, out);
        item = table.items[e];
      }
    }
    for (char score : table.scores) {
      out.writeChar(score);
    }
  }

  private static ModelParts readContent(DataInputStream in) throws IOException {
    Instant trainedAt = Instant.ofEpochSecond(in.readLong(), in.readInt());
    String digest = in.readUTF();
    long interactions = in.readLong();
    long pairs = in.readLong();
    int users = readCount(in);
    Map<String, Double> similarityWeights = new TreeMap<>();
    for (int n = readCount(in); n > 0; n--) {
      similarityWeights.put(readText(in), in.readDouble());
    }
    double recencyOffset = in.readDouble();
    RecommenderQuality quality =
        new RecommenderQuality(
            in.readLong(),
            in.readLong(),
            in.readDouble(),
            in.readDouble(),
            in.readDouble(),
            in.readDouble());
    String[] items = new String[readCount(in)];
    for (int i = 0; i < items.length; i++) {
      items[i] = readText(in);
    }
    int[] popularItems = new int[readCount(in)];
    float[] popularScores = new float[popularItems.length];
    for (int k = 0; k < popularItems.length; k++) {
      popularItems[k] = number(in, items.length);
      popularScores[k] = in.readFloat();
    }
    Map<Source, Double> weights = new EnumMap<>(Source.class);
    for (int n = readCount(in); n > 0; n--) {
      weights.put(Source.valueOf(readText(in)), in.readDouble());
    }
    int historyLimit = readCount(in);
    double[] strengths = new double[7];
    for (int k = 0; k < strengths.length; k++) {
      strengths[k] = in.readDouble();
    }
    int[] starts = new int[items.length + 1];
    float[] scales = new float[items.length];
    for (int row = 0; row < items.length; row++) {
      int size = readCount(in);
      starts[row + 1] = Math.addExact(starts[row], size);
      if (size > 0) {
        scales[row] = in.readFloat();
      }
    }
    int[] similar = new int[starts[items.length]];
    for (int row = 0; row < items.length; row++) {
      int item = 0;
      for (int e = starts[row]; e < starts[row + 1]; e++) {
        item = Math.addExact(item, readCount(in));
        if (item >= items.length) {
          throw new IllegalStateException("a row names an item that is not there");
        }
        similar[e] = item;
      }
    }
    char[] scores = new char[similar.length];
    for (int e = 0; e < scores.length; e++) {
      scores[e] = in.readChar();
    }
    if (in.read() >= 0) {
      throw new IllegalStateException("content goes on after its end");
    }
    return new ModelParts(
        new RecommenderDescription(
            VERSION,
            trainedAt,
            digest,
            interactions,
            pairs,
            users,
            items.length,
            similar.length,
            similarityWeights,
            recencyOffset,
            quality),
        items,
        new SimilarityTable(starts, similar, scores, scales),
        popularItems,
        popularScores,
        weights,
        historyLimit,
        strengths);
  }

  private static int number(DataInputStream in, int below) throws IOException {
    int number = readCount(in);
    if (number >= below) {
      throw new IllegalStateException("an item's number is too high");
    }
    return number;
  }

  private static void writeText(String text, DataOutputStream out) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    writeCount(bytes.length, out);
    out.write(bytes);
  }

  private static String readText(DataInputStream in) throws IOException {
    byte[] bytes = new byte[readCount(in)];
    in.readFully(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static void writeCount(int count, DataOutputStream out) throws IOException {
    int rest = count;
    while (rest > 0x7F) {
      out.writeByte(rest & 0x7F | 0x80);
      rest >>>= 7;
    }
    out.writeByte(rest);
  }

  private static int readCount(DataInputStream in) throws IOException {
    int count = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      int next = in.readUnsignedByte();
      count |= (next & 0x7F) << shift;
      if (next < 0x80) {
        if (count < 0) {
          break;
        }
        return count;
      }
    }
    throw new IllegalStateException("a number is out of range");
  }
}
