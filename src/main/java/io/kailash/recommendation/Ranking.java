package io.kailash.recommendation;

import io.kailash.recommendation.model.Fused;
import io.kailash.recommendation.model.Source;
import io.kailash.recommendation.sources.Found.Why;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * Candidates, best first, without an object for each: thousands of these are kept in memory. Scores
 * are shares of the best one, from 0 to 1.
 */
final class Ranking {
  private static final Source[] SOURCES = Source.values();
  private static final Why[] WHYS = Why.values();
  private static final byte NOBODY_KNOWS = -1;

  /** Another number for another order of what is written. */
  private static final byte FORMAT = 1;

  private final String[] skus;
  private final String[] because;
  private final float[] scores;
  private final float[] shares;
  private final byte[] leading;
  private final byte[] whys;

  /**
   * @param fused best first
   * @param whys what connects an item of the graph with the one that speaks for it
   */
  Ranking(List<Fused> fused, Map<String, Why> whys) {
    int count = fused.size();
    skus = new String[count];
    because = new String[count];
    scores = new float[count];
    shares = new float[count * SOURCES.length];
    leading = new byte[count];
    this.whys = new byte[count];
    double best = fused.isEmpty() ? 1 : fused.get(0).score();
    for (int i = 0; i < count; i++) {
      Fused one = fused.get(i);
      skus[i] = one.item();
      because[i] = one.because();
      scores[i] = (float) (one.score() / best);
      leading[i] = (byte) one.leading().ordinal();
      Why why =
          switch (one.leading()) {
            case GRAPH -> whys.get(one.item());
            case TEXT -> Why.SIMILAR;
            case BEHAVIOUR, POPULAR -> null;
          };
      this.whys[i] = why == null ? NOBODY_KNOWS : (byte) why.ordinal();
      for (Source source : SOURCES) {
        shares[i * SOURCES.length + source.ordinal()] = (float) one.share(source);
      }
    }
  }

  private Ranking(String[] skus, String[] because) {
    this.skus = skus;
    this.because = because;
    scores = new float[skus.length];
    shares = new float[skus.length * SOURCES.length];
    leading = new byte[skus.length];
    whys = new byte[skus.length];
  }

  /** As bytes, for {@link #read}. */
  byte[] bytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(48 * skus.length + 16);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(FORMAT);
      out.writeShort(skus.length);
      for (int i = 0; i < skus.length; i++) {
        out.writeUTF(skus[i]);
        out.writeUTF(because[i] == null ? "" : because[i]);
        out.writeFloat(scores[i]);
        out.writeByte(leading[i]);
        out.writeByte(whys[i]);
        for (int s = 0; s < SOURCES.length; s++) {
          out.writeFloat(shares[i * SOURCES.length + s]);
        }
      }
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    byte[] whole = Arrays.copyOf(bytes.toByteArray(), bytes.size() + Integer.BYTES);
    CRC32 sum = new CRC32();
    sum.update(whole, 0, bytes.size());
    ByteBuffer.wrap(whole).putInt(bytes.size(), (int) sum.getValue());
    return whole;
  }

  /**
   * Reads what {@link #bytes} has made.
   *
   * @throws IOException where it is anything else
   */
  static Ranking read(byte[] bytes) throws IOException {
    int length = bytes.length - Integer.BYTES;
    if (length <= 0) {
      throw new IOException("cut off");
    }
    CRC32 sum = new CRC32();
    sum.update(bytes, 0, length);
    if ((int) sum.getValue() != ByteBuffer.wrap(bytes).getInt(length)) {
      throw new IOException("damaged");
    }
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes, 0, length))) {
      if (in.readByte() != FORMAT) {
        throw new IOException("of another kind");
      }
      int count = in.readUnsignedShort();
      Ranking read = new Ranking(new String[count], new String[count]);
      for (int i = 0; i < count; i++) {
        read.skus[i] = in.readUTF();
        String because = in.readUTF();
        read.because[i] = because.isEmpty() ? null : because;
        read.scores[i] = in.readFloat();
        read.leading[i] = within(in.readByte(), 0, SOURCES.length);
        read.whys[i] = within(in.readByte(), NOBODY_KNOWS, WHYS.length);
        for (int s = 0; s < SOURCES.length; s++) {
          read.shares[i * SOURCES.length + s] = in.readFloat();
        }
      }
      if (in.read() >= 0) {
        throw new IOException("too long");
      }
      return read;
    }
  }

  private static byte within(byte number, int least, int end) throws IOException {
    if (number < least || number >= end) {
      throw new IOException("no such number: " + number);
    }
    return number;
  }

  int size() {
    return skus.length;
  }

  String sku(int place) {
    return skus[place];
  }

  Candidate candidate(int place) {
    float[] own = new float[SOURCES.length];
    System.arraycopy(shares, place * SOURCES.length, own, 0, own.length);
    return new Candidate(
        skus[place],
        scores[place],
        because[place],
        whys[place] == NOBODY_KNOWS ? null : WHYS[whys[place]],
        SOURCES[leading[place]],
        own);
  }
}
