package io.kailash.transfer.exports;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.kailash.jobs.JobFailedException;
import io.kailash.jobs.JobFileWriter;
import io.kailash.jobs.JobFiles;
import io.kailash.jobs.JobKind;
import io.kailash.jobs.JobRun;
import io.kailash.jobs.JobTroubleException;
import io.kailash.platform.Json;
import io.kailash.platform.ProblemException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.HexFormat;

/**
 * Writes an export as a file of its job, to be fetched in ranges. After a kill or a pause it begins
 * anew, as of a new moment: a file never mixes two.
 */
@Singleton
class ExportJob implements JobKind {
  static final String NAME = "export";

  private final Exports exports;
  private final JobFiles files;

  @Inject
  ExportJob(Exports exports, JobFiles files) {
    this.exports = exports;
    this.files = files;
  }

  /** What came of it. */
  record Result(String file, String mediaType, long rows, long bytes, String sha256) {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int atOnce() {
    return 2;
  }

  @Override
  public int attempts() {
    return 3;
  }

  @Override
  public Object run(JobRun run) {
    try {
      ExportRequest request = Json.MAPPER.treeToValue(run.parameters(), ExportRequest.class);
      Exports.Ready ready = exports.ready(request);
      run.progress("writing", 0);
      String name = ready.request().fileName();
      try (JobFileWriter file = files.create(run.id(), name, ready.request().mediaType())) {
        long rows =
            exports.write(
                ready,
                file,
                written -> {
                  run.count(written, 0, -1);
                  run.heed();
                });
        byte[] sha256 = file.complete();
        return new Result(
            name,
            ready.request().mediaType(),
            rows,
            file.length(),
            HexFormat.of().formatHex(sha256));
      }
    } catch (ProblemException gone) {
      throw new JobFailedException(gone.problem().detail(), gone);
    } catch (JsonProcessingException damaged) {
      throw new IllegalStateException("parameters of an export cannot be read", damaged);
    } catch (IOException trouble) {
      throw new JobTroubleException("the export broke off", trouble);
    }
  }
}
