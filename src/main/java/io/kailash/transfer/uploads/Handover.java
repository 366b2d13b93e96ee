package io.kailash.transfer.uploads;

import io.kailash.jobs.Jobs;
import io.kailash.platform.ProblemException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.util.Map;
import java.util.UUID;

/** Marks an upload as received and submits its job: both happen, or neither. */
@Singleton
class Handover {
  private final UploadStore store;
  private final Jobs jobs;

  @Inject
  Handover(UploadStore store, Jobs jobs) {
    this.store = store;
    this.jobs = jobs;
  }

  /**
   * Submits the job of a whole file, once.
   *
   * @param sha256 of the file; null where it is not known yet
   * @return the job, be it submitted before
   */
  @Transactional
  UUID submit(Upload upload, byte[] sha256) {
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
}
