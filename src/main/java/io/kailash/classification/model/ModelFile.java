package io.kailash.classification.model;

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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/**
 * The file of a model: 8 bytes of magic, 4 of format version, 8 of length and 32 of SHA-256 of what
 * follows, then the deflated content. Numbers are big-endian; counts and differences of ascending
 * numbers have 7 bits a byte.
 */
final class ModelFile {

  /** Another one also where texts are read into other features: weights would be of others. */
  static final int VERSION = 2;

  private static final byte[] MAGIC = "KAILASHC".getBytes(StandardCharsets.US_ASCII);
  private static final long MOST_BYTES = 1L << 30;
  private static final int KIND_SHIFT = 48;

  private ModelFile() {}

  static void write(ModelParts parts, OutputStream out) throws IOException {
    ByteArrayOutputStream content = new ByteArrayOutputStream(1 << 20);
    Deflater deflater = new Deflater(6, true);
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
    header.write(CategoryTree.sha256().digest(bytes));
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
            "this is not a classifier model: it does not begin with KAILASHC");
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
      if (!MessageDigest.isEqual(checksum, CategoryTree.sha256().digest(bytes))) {
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
    ModelDescription description = parts.description();
    out.writeLong(description.trainedAt().getEpochSecond());
    out.writeInt(description.trainedAt().getNano());
    out.writeUTF(description.trainingDataDigest());
    out.writeLong(description.exampleCount());
    out.writeLong(description.skippedExamples());
    out.writeBoolean(parts.flat());
    writeQuality(description.heldOut(), out);
    CategoryTree tree = parts.tree();
    writeCount(tree.size(), out);
    for (int i = 0; i < tree.size(); i++) {
      writeText(tree.code(i), out);
      writeText(tree.nameAt(i), out);
      writeCount(tree.parentOf(i) + 1, out);
    }
    writeCount(parts.classes().length, out);
    for (int c = 0; c < parts.classes().length; c++) {
      writeCount(parts.classes()[c], out);
      writeCount(parts.classCounts()[c], out);
    }
    writeCount(parts.labelTree().size(), out);
    for (int node = 1; node < parts.labelTree().size(); node++) {
      writeCount(parts.labelTree().parent[node], out);
      writeCount(parts.labelTree().classOf[node] + 1, out);
    }
    writeFloats(parts.blockWeights(), out);
    out.writeFloat(parts.innerWeight());
    out.writeFloat(parts.temperature());
    writeFloats(parts.calibration().from(), out);
    writeFloats(parts.calibration().to(), out);
    out.writeInt(parts.beamWidth());
    out.writeDouble(parts.backOffThreshold());
    out.writeInt(parts.maxTextChars());
    out.writeInt(parts.maxDescriptionChars());
    writeWeights(parts.vocabulary(), parts.weights(), out);
  }

  private static ModelParts readContent(DataInputStream in) throws IOException {
    Instant trainedAt = Instant.ofEpochSecond(in.readLong(), in.readInt());
    String dataDigest = in.readUTF();
    long exampleCount = in.readLong();
    long skipped = in.readLong();
    boolean flat = in.readBoolean();
    QualityReport quality = readQuality(in);
    int categories = readCount(in);
    String[] codes = new String[categories];
    String[] names = new String[categories];
    int[] parents = new int[categories];
    for (int i = 0; i < categories; i++) {
      codes[i] = readText(in);
      names[i] = readText(in);
      parents[i] = readCount(in) - 1;
    }
    List<CategoryTree.Category> nodes = new ArrayList<>(categories);
    for (int i = 0; i < categories; i++) {
      nodes.add(
          new CategoryTree.Category(codes[i], names[i], parents[i] < 0 ? null : codes[parents[i]]));
    }
    CategoryTree tree = CategoryTree.of(nodes);
    int[] classes = new int[readCount(in)];
    int[] classCounts = new int[classes.length];
    for (int c = 0; c < classes.length; c++) {
      classes[c] = readCount(in);
      classCounts[c] = readCount(in);
    }
    int[] parent = new int[readCount(in)];
    int[] classOf = new int[parent.length];
    parent[0] = -1;
    classOf[0] = -1;
    for (int node = 1; node < parent.length; node++) {
      parent[node] = readCount(in);
      classOf[node] = readCount(in) - 1;
    }
    LabelTree labelTree = new LabelTree(parent, classOf);
    float[] blockWeights = readFloats(in);
    float innerWeight = in.readFloat();
    float temperature = in.readFloat();
    IsotonicCalibration calibration = new IsotonicCalibration(readFloats(in), readFloats(in));
    int beamWidth = in.readInt();
    double threshold = in.readDouble();
    int maxTextChars = in.readInt();
    int maxDescriptionChars = in.readInt();
    int items = readCount(in);
    int features = readCount(in);
    long[] keys = new long[features];
    int[] itemCounts = new int[features];
    int at = 0;
    for (int kind = 0; kind < FeatureReader.KINDS; kind++) {
      long key = (long) kind << KIND_SHIFT;
      for (int n = readCount(in); n > 0; n--) {
        key += readLongCount(in);
        keys[at++] = key;
      }
    }
    for (int f = 0; f < features; f++) {
      itemCounts[f] = readCount(in);
    }
    int[] starts = new int[features + 1];
    for (int f = 0; f < features; f++) {
      starts[f + 1] = starts[f] + readCount(in);
    }
    float[] scales = new float[features];
    for (int f = 0; f < features; f++) {
      if (starts[f] < starts[f + 1]) {
        scales[f] = in.readFloat();
      }
    }
    char[] weightNodes = new char[starts[features]];
    for (int f = 0; f < features; f++) {
      int node = 0;
      for (int i = starts[f]; i < starts[f + 1]; i++) {
        node += readCount(in);
        weightNodes[i] = (char) node;
      }
    }
    byte[] weights = new byte[weightNodes.length];
    in.readFully(weights);
    float[] biases = readFloats(in);
    if (in.read() >= 0) {
      throw new IllegalStateException("content goes on after its end");
    }
    ModelDescription description =
        new ModelDescription(
            VERSION,
            trainedAt,
            tree.digest(),
            dataDigest,
            exampleCount,
            skipped,
            classes.length,
            flat ? TrainingOptions.Structure.FLAT : TrainingOptions.Structure.TREE,
            features,
            weights.length,
            quality);
    return new ModelParts(
        description,
        tree,
        classes,
        classCounts,
        labelTree,
        new Vocabulary(items, keys, itemCounts),
        new LinearWeights(starts, weightNodes, weights, scales, biases),
        blockWeights,
        innerWeight,
        temperature,
        calibration,
        beamWidth,
        threshold,
        maxTextChars,
        maxDescriptionChars);
  }

  private static void writeWeights(
      Vocabulary vocabulary, LinearWeights weights, DataOutputStream out) throws IOException {
    int features = vocabulary.size();
    writeCount(vocabulary.items, out);
    writeCount(features, out);
    int at = 0;
    for (int kind = 0; kind < FeatureReader.KINDS; kind++) {
      int end = at;
      while (end < features && vocabulary.keys[end] >>> KIND_SHIFT == kind) {
        end++;
      }
      writeCount(end - at, out);
      long key = (long) kind << KIND_SHIFT;
      for (; at < end; at++) {
        writeCount(vocabulary.keys[at] - key, out);
        key = vocabulary.keys[at];
      }
    }
    for (int f = 0; f < features; f++) {
      writeCount(vocabulary.itemCounts[f], out);
    }
    for (int f = 0; f < features; f++) {
      writeCount(weights.start(f + 1) - weights.start(f), out);
    }
    for (int f = 0; f < features; f++) {
      if (weights.start(f) < weights.start(f + 1)) {
        out.writeFloat(weights.scale(f));
      }
    }
    for (int f = 0; f < features; f++) {
      int node = 0;
      for (int i = weights.start(f); i < weights.start(f + 1); i++) {
        writeCount(weights.node(i) - node, out);
        node = weights.node(i);
      }
    }
    out.write(weights.weights());
    writeFloats(weights.biases(), out);
  }

  private static void writeQuality(QualityReport quality, DataOutputStream out) throws IOException {
    out.writeLong(quality.examples());
    out.writeLong(quality.unknownCategory());
    out.writeDouble(quality.accuracyAt1());
    out.writeDouble(quality.accuracyAt3());
    out.writeDouble(quality.macroF1());
    out.writeDouble(quality.meanWeightedF1());
    out.writeDouble(quality.expectedCalibrationError());
    writeCount(quality.levels().size(), out);
    for (QualityReport.LevelQuality level : quality.levels()) {
      writeCount(level.level(), out);
      out.writeLong(level.examples());
      out.writeDouble(level.accuracy());
      out.writeDouble(level.macroF1());
      out.writeDouble(level.weightedF1());
    }
    writeCount(quality.reliability().size(), out);
    for (QualityReport.ReliabilityBin bin : quality.reliability()) {
      out.writeDouble(bin.from());
      out.writeDouble(bin.to());
      out.writeLong(bin.examples());
      out.writeDouble(bin.meanConfidence());
      out.writeDouble(bin.accuracy());
    }
    writeCount(quality.acceptance().size(), out);
    for (QualityReport.Acceptance point : quality.acceptance()) {
      out.writeDouble(point.threshold());
      out.writeDouble(point.shareAccepted());
      out.writeDouble(point.accuracy());
    }
  }

  private static QualityReport readQuality(DataInputStream in) throws IOException {
    long examples = in.readLong();
    long unknown = in.readLong();
    double at1 = in.readDouble();
    double at3 = in.readDouble();
    double macro = in.readDouble();
    double mean = in.readDouble();
    double error = in.readDouble();
    List<QualityReport.LevelQuality> levels = new ArrayList<>();
    for (int n = readCount(in); n > 0; n--) {
      levels.add(
          new QualityReport.LevelQuality(
              readCount(in), in.readLong(), in.readDouble(), in.readDouble(), in.readDouble()));
    }
    List<QualityReport.ReliabilityBin> bins = new ArrayList<>();
    for (int n = readCount(in); n > 0; n--) {
      bins.add(
          new QualityReport.ReliabilityBin(
              in.readDouble(), in.readDouble(), in.readLong(), in.readDouble(), in.readDouble()));
    }
    List<QualityReport.Acceptance> acceptance = new ArrayList<>();
    for (int n = readCount(in); n > 0; n--) {
      acceptance.add(
          new QualityReport.Acceptance(in.readDouble(), in.readDouble(), in.readDouble()));
    }
    return new QualityReport(
        examples, unknown, at1, at3, macro, levels, mean, error, bins, acceptance);
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

  private static void writeFloats(float[] values, DataOutputStream out) throws IOException {
    writeCount(values.length, out);
    for (float value : values) {
      out.writeFloat(value);
    }
  }

  private static float[] readFloats(DataInputStream in) throws IOException {
    float[] values = new float[readCount(in)];
    for (int i = 0; i < values.length; i++) {
      values[i] = in.readFloat();
    }
    return values;
  }

  private static void writeCount(long count, DataOutputStream out) throws IOException {
    long rest = count;
    while (rest > 0x7F) {
      out.writeByte((int) (rest & 0x7F | 0x80));
      rest >>>= 7;
    }
    out.writeByte((int) rest);
  }

  private static long readLongCount(DataInputStream in) throws IOException {
    long count = 0;
    for (int shift = 0; shift < 63; shift += 7) {
      int next = in.readUnsignedByte();
      count |= (long) (next & 0x7F) << shift;
      if (next < 0x80) {
        return count;
      }
    }
    throw new IllegalStateException("a number has too many digits");
  }

  private static int readCount(DataInputStream in) throws IOException {
    return Math.toIntExact(readLongCount(in));
  }
}
