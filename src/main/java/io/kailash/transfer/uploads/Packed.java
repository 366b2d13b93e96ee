package io.kailash.transfer.uploads;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.apache.commons.io.input.ProxyInputStream;

/**
 * A file's bytes, unpacked where they are gzip. A file that unpacks to more than a set size, or to
 * so much more than was sent that it can only be meant to exhaust the service, is refused as soon
 * as that shows.
 */
final class Packed {
  /** Small files may be as repetitive as they like. */
  private static final long RATIO_COUNTS_FROM = 64L << 20;

  private Packed() {}

  /** Counts what was taken of a stream. */
  static final class Counted extends ProxyInputStream {
    private volatile long bytes;

    Counted(InputStream in) {
      super(in);
    }

    long bytes() {
      return bytes;
    }

    @Override
    protected void afterRead(int count) {
      bytes += Math.max(0, count);
    }

    @Override
    public boolean markSupported() {
      return false;
    }
  }

  static boolean isGzip(byte[] first) {
    return first.length >= 2 && (first[0] & 0xff) == 0x1f && (first[1] & 0xff) == 0x8b;
  }

  /** The unpacked bytes of a stream. */
  static InputStream open(Counted sent, UploadSettings settings) throws IOException {
    PushbackInputStream source = new PushbackInputStream(sent, 2);
    byte[] magic = source.readNBytes(2);
    source.unread(magic);
    if (!isGzip(magic)) {
      return source;
    }
    try {
      return new Unpacked(new GZIPInputStream(source, 1 << 16), sent, settings);
    } catch (EOFException | ZipException damaged) {
      throw damaged();
    }
  }

  private static UnreadableFileException damaged() {
    return new UnreadableFileException("ends inside damaged or cut gzip data");
  }

  private static final class Unpacked extends FilterInputStream {
    private final Counted sent;
    private final UploadSettings settings;
    private long bytes;

    Unpacked(InputStream in, Counted sent, UploadSettings settings) {
      super(in);
      this.sent = sent;
      this.settings = settings;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int at, int length) throws IOException {
      int read;
      try {
        read = super.read(into, at, length);
      } catch (EOFException | ZipException cut) {
        throw damaged();
      }
      if (read > 0) {
        bytes += read;
        if (bytes > settings.maxUnpackedBytes()) {
          throw new UnreadableFileException(
              "unpacks to more than "
                  + settings.maxUnpackedBytes()
                  + " bytes (setting kailash.uploads.max-unpacked-megabytes)");
        }
        if (bytes > RATIO_COUNTS_FROM && bytes / settings.maxRatio() > sent.bytes()) {
          throw new UnreadableFileException(
              "unpacks to more than "
                  + settings.maxRatio()
                  + " times its size (setting kailash.uploads.max-ratio)");
        }
      }
      return read;
    }

    @Override
    public boolean markSupported() {
      return false;
    }
  }
}
