package io.kailash.transfer.uploads;

import io.kailash.jobs.Jobs;
import io.kailash.platform.ProblemException;
import io.kailash.platform.Settings;
import io.kailash.platform.Sha256;
import io.kailash.transfer.uploads.Digests.Checksum;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/** Takes in a file's bytes, part by part, and hands a whole file to its job. */
@Singleton
class Receiver {
  private final UploadStore store;
  private final Jobs jobs;
  private final Handover handover;
  private final UploadFigures figures;
  private final UploadSettings settings;

  @Inject
  Receiver(
      UploadStore store, Jobs jobs, Handover handover, UploadFigures figures, Settings settings) {
    this.store = store;
    this.jobs = jobs;
    this.handover = handover;
    this.figures = figures;
    this.settings = UploadSettings.read(settings);
  }

  UploadSettings settings() {
    return settings;
  }

  /** Where an upload stands after a request, and the SHA-256 of that request's bytes. */
  record Taken(long offset, byte[] sha256) {}

  /**
   * Stores the bytes of one request behind those that are there. What arrived before the sender was
   * lost stays, unless there is a checksum: then all of the request counts or nothing.
   *
   * @param offset where the sender believes the upload to be
   * @param checksum of the request; null for none
   * @throws ProblemException 409 where the upload is elsewhere, 413 where it becomes too large, 422
   *     where its beginning shows that it cannot be loaded, 460 where the checksum does not hold
   */
  Taken take(Upload upload, long offset, InputStream body, Checksum checksum) throws IOException {
    UUID writer = jobs.newId();
    if (!store.takeOver(upload.id(), writer, offset)) {
      Upload now = store.require(upload.id());
      throw ProblemException.conflict(
          "upload-offset",
          "Upload is elsewhere",
          now.status().equals(Upload.RECEIVING)
              ? "the upload has " + now.receivedBytes() + " bytes, not " + offset
              : "the upload is " + now.status() + " and takes nothing any more");
    }
    MessageDigest digest = Sha256.digest();
    byte[] buffer = new byte[UploadStore.PART];
    long at = offset;
    IOException lost = null;
    boolean ended = false;
    while (!ended) {
      int length = 0;
      try {
        while (length < buffer.length && !ended) {
          int read = body.read(buffer, length, buffer.length - length);
          ended = read < 0;
          length += Math.max(read, 0);
        }
      } catch (IOException gone) {
        lost = gone;
        ended = true;
      }
      requireRoom(upload, at + length);
      digest.update(buffer, 0, length);
      if (checksum != null) {
        checksum.digest().update(buffer, 0, length);
      }
      if (length > 0) {
        byte[] part = length == buffer.length ? buffer : Arrays.copyOf(buffer, length);
        if (at == 0 && length == buffer.length) {
          refuseUnreadable(upload, part, false);
        }
        if (!store.add(upload.id(), writer, at, part, checksum == null, ended)) {
          throw ProblemException.conflict(
              "upload-taken-over", "Upload taken over", "another request goes on with this upload");
        }
        at += length;
        figures.received(upload.kind(), length);
      }
    }
    if (lost != null) {
      throw lost;
    }
    if (checksum != null) {
      if (!checksum.holds()) {
        throw new ProblemException(
            460,
            "checksum-mismatch",
            "Checksum mismatch",
            "the bytes of the request are not those of Upload-Checksum; none was kept",
            List.of());
      }
      store.confirm(upload.id(), writer, at);
    }
    return new Taken(at, digest.digest());
  }

  private void requireRoom(Upload upload, long bytes) {
    if (upload.totalBytes() != null && bytes > upload.totalBytes()) {
      throw ProblemException.malformed(
          "the request goes beyond the " + upload.totalBytes() + " bytes that were announced");
    }
    if (bytes > settings.maxBytes()) {
      store.end(upload.id(), Upload.REFUSED, "larger than allowed");
      throw tooLarge();
    }
  }

  ProblemException tooLarge() {
    return ProblemException.tooLarge(
        "a file may have "
            + settings.maxBytes()
            + " bytes (setting kailash.uploads.max-megabytes)");
  }

  /**
   * Hands a whole file to its job.
   *
   * @param sha256 as computed while it was received; null where it came by several requests
   * @return the job; null where the file waits for what is to be done
   * @throws ProblemException 422 where it cannot be loaded; then it is not kept
   */
  UUID received(Upload upload, byte[] sha256) throws IOException {
    if (sha256 != null
        && upload.sha256Wanted() != null
        && !MessageDigest.isEqual(sha256, upload.sha256Wanted())) {
      store.end(upload.id(), Upload.REFUSED, "another digest than announced");
      throw digestMismatch(sha256);
    }
    Upload now = store.require(upload.id());
    byte[] first;
    try (InputStream bytes = store.open(upload.id(), now.receivedBytes())) {
      first = bytes.readNBytes(UploadStore.PART);
    }
    refuseUnreadable(upload, first, first.length == now.receivedBytes());
    return handover.submit(upload, sha256);
  }

  static ProblemException digestMismatch(byte[] sha256) {
    return ProblemException.invalid(
        "digest", "does not hold: what arrived has " + Digests.shown(sha256));
  }

  private void refuseUnreadable(Upload upload, byte[] first, boolean whole) throws IOException {
    if (upload.kind() == UploadKind.TAXONOMY && first.length > 0) {
      return;
    }
    try {
      Glance.at(first, whole, upload.kind(), upload.options(), settings);
    } catch (UnreadableFileException unreadable) {
      store.end(upload.id(), Upload.REFUSED, unreadable.getMessage());
      throw new ProblemException(
          422, "unreadable-file", "Unreadable file", unreadable.getMessage(), List.of());
    }
  }
}
