package io.kailash.transfer.uploads;

import io.kailash.platform.Settings;
import io.kailash.platform.Sha256;
import io.kailash.transfer.uploads.Packed.Counted;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads files that were received whole. */
@Singleton
class UploadFiles {
  private final UploadStore store;
  private final UploadSettings settings;

  @Inject
  UploadFiles(UploadStore store, Settings settings) {
    this.store = store;
    this.settings = UploadSettings.read(settings);
  }

  /**
   * Checks the digest of a file that came in several requests, before anything of it is used.
   *
   * @param heed called again and again; may throw
   * @return why the file is not what was announced; empty where it is
   */
  Optional<String> verify(Upload upload, Runnable heed) throws IOException {
    if (upload.sha256() != null || upload.sha256Wanted() == null) {
      return Optional.empty();
    }
    MessageDigest digest = Sha256.digest();
    byte[] buffer = new byte[1 << 16];
    try (InputStream bytes = bytes(upload)) {
      for (int read = bytes.read(buffer); read >= 0; read = bytes.read(buffer)) {
        digest.update(buffer, 0, read);
        heed.run();
      }
    }
    byte[] sha256 = digest.digest();
    if (!MessageDigest.isEqual(sha256, upload.sha256Wanted())) {
      return Optional.of(Receiver.digestMismatch(sha256).problem().detail());
    }
    store.setDigest(upload.id(), sha256);
    return Optional.empty();
  }

  /** The bytes as they were sent. */
  InputStream bytes(Upload upload) {
    return store.open(upload.id(), upload.receivedBytes());
  }

  /**
   * The rows.
   *
   * @param sent the bytes from their beginning; how many were taken tells how far the reading is
   * @throws UnreadableFileException where it is not a file of rows, or its header is wrong
   */
  RowReader rows(Upload upload, Counted sent) throws IOException {
    Glance glance = glance(upload);
    Columns columns = new Columns(upload.kind(), upload.options().mapping());
    Reader text = text(upload, glance, sent);
    if (glance.format().equals(UploadOptions.NDJSON)) {
      return new JsonRows(text, settings.maxRowChars(), upload.kind(), columns);
    }
    List<Reader> first = new ArrayList<>(List.of(text));
    return new CsvRows(
        () -> first.isEmpty() ? text(upload, glance, new Counted(bytes(upload))) : first.remove(0),
        glance.delimiter(),
        settings.maxRowChars(),
        upload.kind(),
        columns);
  }

  private Glance glance(Upload upload) throws IOException {
    try (InputStream bytes = bytes(upload)) {
      byte[] first = bytes.readNBytes(UploadStore.PART);
      return Glance.at(
          first, first.length == upload.receivedBytes(), upload.kind(), upload.options(), settings);
    }
  }

  private Reader text(Upload upload, Glance glance, Counted sent) throws IOException {
    return new BufferedReader(
        glance.text(Packed.open(sent, settings), upload.options().encoding()), 1 << 16);
  }
}
