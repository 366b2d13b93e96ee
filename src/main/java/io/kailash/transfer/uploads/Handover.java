package io.kailash.transfer.uploads;

import io.kailash.access.AuditLog;
import io.kailash.jobs.Jobs;
import io.kailash.platform.ProblemException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.util.Map;
import java.util.UUID;

/** The steps of an upload that happen together with something else, or not at all. */
@Singleton
class Handover {
  private final UploadStore store;
  private final Jobs jobs;
  private final AuditLog audit;

  @Inject
  Handover(UploadStore store, Jobs jobs, AuditLog audit) {
    this.store = store;
    this.jobs = jobs;
    this.audit = audit;
  }

  /**
   * Submits the job of a whole file, once.
   *
   * @param sha256 of the file; null where it is not known yet
   * @return the job, be it submitted before; null where the file waits for what is to be done
   */
  @Transactional
  UUID submit(Upload upload, byte[] sha256) {
    if (upload.kind() == UploadKind.BATCH) {
      store.received(upload.id(), null, sha256);
      return null;
    }
    UUID job = jobs.newId();
    if (!store.received(upload.id(), job, sha256)) {
      Upload now = store.require(upload.id());
      if (now.jobId() == null) {
        throw ProblemException.conflict(
            "upload-offset", "Upload is over", "the upload is " + now.status());
      }
      return now.jobId();
    }
    return jobs.submit(
        job,
        UploadJob.NAME,
        upload.id().toString(),
        Map.of("upload", upload.id(), "kind", upload.kind().text()),
        upload.createdBy());
  }

  /** Marks an upload of rows as loaded; its bytes go. */
  @Transactional
  void loaded(Upload upload, Marks done) {
    store.end(upload.id(), Upload.LOADED, null);
    audit.record(
        upload.createdBy(),
        "upload.load",
        upload.kind().text(),
        Map.of(
            "upload", upload.id().toString(),
            "written", done.written(),
            "unchanged", done.unchanged(),
            "rejected", done.rejected()));
  }
}
