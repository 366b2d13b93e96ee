package io.kailash.similarity;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.Map;

/**
 * The sentence model all-MiniLM-L6-v2, its weights as 8-bit integers. Safe for use by many threads;
 * every call keeps one processor busy.
 */
final class SentenceModel implements AutoCloseable {
  /** Length of its vectors. */
  static final int DIMENSIONS = 384;

  private static final String MODEL = "/all-minilm-l6-v2-q.onnx";
  private static final String TOKENIZER = "/all-minilm-l6-v2-q-tokenizer.json";
  private static final int MAX_PIECES = 256;

  private final WordPiece pieces;
  private final OrtEnvironment environment;
  private final OrtSession session;

  private SentenceModel(WordPiece pieces, OrtEnvironment environment, OrtSession session) {
    this.pieces = pieces;
    this.environment = environment;
    this.session = session;
  }

  /** Reads the model that comes with the service, which takes a moment. */
  static SentenceModel load() throws IOException, OrtException {
    WordPiece pieces;
    try (InputStream tokenizer = resource(TOKENIZER)) {
      pieces = WordPiece.read(tokenizer);
    }
    byte[] model;
    try (InputStream file = resource(MODEL)) {
      model = file.readAllBytes();
    }
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      // Who calls decides how many run side by side; a thread that spins would take from them.
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      options.setExecutionMode(OrtSession.SessionOptions.ExecutionMode.SEQUENTIAL);
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
      options.addConfigEntry("session.intra_op.allow_spinning", "0");
      options.addConfigEntry("session.inter_op.allow_spinning", "0");
      return new SentenceModel(pieces, environment, environment.createSession(model, options));
    }
  }

  private static InputStream resource(String name) throws IOException {
    InputStream resource = SentenceModel.class.getResourceAsStream(name);
    if (resource == null) {
      throw new IOException(name + " did not come with the service");
    }
    return resource;
  }

  /**
   * The vector of a text: the mean of the vectors of its pieces, scaled to length 1 (Reimers and
   * Gurevych 2019, arXiv 1908.10084). The first {@value #MAX_PIECES} pieces count.
   */
  float[] embed(String text) throws OrtException {
    long[] ids = pieces.ids(text, MAX_PIECES);
    long[] shape = {1, ids.length};
    long[] attention = new long[ids.length];
    Arrays.fill(attention, 1);
    try (OnnxTensor idsTensor = OnnxTensor.createTensor(environment, LongBuffer.wrap(ids), shape);
        OnnxTensor attentionTensor =
            OnnxTensor.createTensor(environment, LongBuffer.wrap(attention), shape);
        OnnxTensor types =
            OnnxTensor.createTensor(
                environment, LongBuffer.wrap(new long[ids.length]), new long[] {1, ids.length});
        OrtSession.Result result =
            session.run(
                Map.of(
                    "input_ids",
                    idsTensor,
                    "attention_mask",
                    attentionTensor,
                    "token_type_ids",
                    types))) {
      return normalisedMean(((OnnxTensor) result.get(0)).getFloatBuffer(), ids.length);
    }
  }

  private static float[] normalisedMean(FloatBuffer rows, int count) {
    double[] sum = new double[DIMENSIONS];
    for (int row = 0; row < count; row++) {
      for (int i = 0; i < DIMENSIONS; i++) {
        sum[i] += rows.get();
      }
    }
    double squares = 0;
    for (double part : sum) {
      squares += part * part;
    }
    double length = Math.sqrt(squares);
    float[] vector = new float[DIMENSIONS];
    for (int i = 0; i < DIMENSIONS; i++) {
      vector[i] = (float) (sum[i] / length);
    }
    return vector;
  }

  @Override
  public void close() throws OrtException {
    session.close();
  }
}
