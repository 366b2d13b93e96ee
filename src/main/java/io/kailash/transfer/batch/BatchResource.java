package io.kailash.transfer.batch;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.kailash.access.Caller;
import io.kailash.access.RequiresRole;
import io.kailash.access.Role;
import io.kailash.classification.Classifier;
import io.kailash.platform.Json;
import io.kailash.platform.JsonBody;
import io.kailash.platform.ProblemException;
import io.kailash.platform.SlowAnswers;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Classifies many items at once. */
@Path("batch/classify")
@Singleton
@RequiresRole(Role.READER)
public class BatchResource {
  private static final Logger LOG = Logger.getLogger(BatchResource.class.getName());
  private static final String LINES = "application/x-ndjson";
  private static final int MOST_SELECTION_BYTES = 4096;
  private static final int BUFFER = 64 * 1024;

  private final BatchClassifier batches;
  private final BatchIntake intake;
  private final Classifier classifier;
  private final BatchSettings settings;
  private final SlowAnswers slow;
  private final Semaphore bytesLeft;

  @Inject
  BatchResource(
      BatchClassifier batches,
      BatchIntake intake,
      Classifier classifier,
      BatchSettings settings,
      SlowAnswers slow) {
    this.batches = batches;
    this.intake = intake;
    this.classifier = classifier;
    this.settings = settings;
    this.slow = slow;
    bytesLeft = new Semaphore(settings.maxBytesAtOnce());
  }

  /** Items of the catalog, by what they have in common, or the rows of an upload. */
  record SelectionOrder(
      String selection, String upload, String taxonomy, Boolean explain, Integer alternatives) {}

  record JobAccepted(UUID job) {}

  /** What is asked for beside the items. */
  private record Asked(
      BatchWishes wishes, boolean array, boolean packed, boolean asEvents, Caller caller) {}

  @POST
  @Consumes({LINES, MediaType.APPLICATION_JSON})
  @Produces({LINES, MediaType.SERVER_SENT_EVENTS, MediaType.APPLICATION_JSON})
  public void classify(
      InputStream body,
      @QueryParam("taxonomy") String taxonomy,
      @QueryParam("alternatives") Integer alternatives,
      @QueryParam("explain") Boolean explain,
      @QueryParam("as") String as,
      @HeaderParam("Content-Encoding") String encoding,
      @Context HttpHeaders headers,
      @Context SecurityContext security,
      @Suspended AsyncResponse waiting) {
    if (as != null && !as.equals("job")) {
      throw ProblemException.invalid("?as", "can only be 'job'");
    }
    boolean packed = "gzip".equalsIgnoreCase(encoding);
    if (encoding != null && !packed && !encoding.equalsIgnoreCase("identity")) {
      throw new ProblemException(
          415,
          "unsupported-media-type",
          "Unsupported media type",
          "send the body as it is or with Content-Encoding: gzip",
          List.of());
    }
    MediaType type = headers.getMediaType();
    boolean array = type != null && type.getSubtype().toLowerCase(Locale.ROOT).equals("json");
    boolean asEvents =
        headers.getAcceptableMediaTypes().stream()
            .anyMatch(
                accepted ->
                    !accepted.isWildcardType()
                        && accepted.isCompatible(MediaType.SERVER_SENT_EVENTS_TYPE));
    Asked asked =
        new Asked(
            new BatchWishes(taxonomy, explain, alternatives),
            array,
            packed,
            asEvents,
            Caller.of(security));
    if (taxonomy != null) {
      classifier.requireModel(taxonomy);
    }
    if (as != null) {
      slow.give(waiting, () -> asJob(body, asked));
      return;
    }
    slow.give(waiting, () -> atOnce(body, asked));
  }

  private Response asJob(InputStream body, Asked asked) {
    requireEditor(asked.caller());
    try {
      InputStream unpacked = unpacked(body, asked.packed());
      return accepted(intake.take(unpacked, asked.array(), asked.wishes(), asked.caller().name()));
    } catch (IOException broken) {
      throw unreadable(broken);
    }
  }

  private static void requireEditor(Caller caller) {
    if (!caller.role().covers(Role.EDITOR)) {
      throw ProblemException.forbidden("a batch as a job needs the role editor");
    }
  }

  private static Response accepted(UUID job) {
    return Response.accepted(new JobAccepted(job))
        .type(MediaType.APPLICATION_JSON_TYPE)
        .location(URI.create("/api/v1/jobs/" + job))
        .build();
  }

  /** The place is given back when the answer is written, or has failed. */
  private Response atOnce(InputStream body, Asked asked) {
    BatchPlace place = new BatchPlace(bytesLeft);
    boolean written = false;
    try {
      InputStream counted = place.counted(unpacked(body, asked.packed()));
      byte[] bytes = BatchBody.read(counted, settings.maxBytes());
      if (asked.array() && first(bytes) == '{') {
        return selected(bytes, asked);
      }
      List<BatchLine> lines =
          asked.array()
              ? BatchBody.elements(bytes, settings.maxItems())
              : BatchBody.lines(bytes, settings.maxItems());
      if (lines.isEmpty()) {
        throw ProblemException.malformed("the body has no items");
      }
      BatchStream stream =
          new BatchStream(batches, lines, asked.wishes(), asked.asEvents(), settings.threads() + 1);
      StreamingOutput output =
          out -> {
            try {
              stream.write(out);
            } catch (IOException broken) {
              // The server itself says nothing of answers that broke off.
              LOG.log(
                  broken.getCause() instanceof RuntimeException ? Level.SEVERE : Level.FINE,
                  "a batch was not answered whole",
                  broken);
              throw broken;
            } finally {
              place.leave();
            }
          };
      written = true;
      return Response.ok(output)
          .type(asked.asEvents() ? MediaType.SERVER_SENT_EVENTS : LINES)
          .header("Cache-Control", "no-store")
          .header("X-Accel-Buffering", "no")
          .build();
    } catch (IOException broken) {
      throw unreadable(broken);
    } finally {
      if (!written) {
        place.leave();
      }
    }
  }

  private static byte first(byte[] bytes) {
    for (byte one : bytes) {
      if (!BatchBody.isBlank(one) && one != '\n') {
        return one;
      }
    }
    return 0;
  }

  private Response selected(byte[] bytes, Asked asked) {
    requireEditor(asked.caller());
    if (bytes.length > MOST_SELECTION_BYTES) {
      throw ProblemException.malformed(
          "",
          "is an object; send an array of items, or a selection such as {\"selection\": \"all\"}");
    }
    SelectionOrder order;
    try {
      order = Json.MAPPER.readValue(bytes, SelectionOrder.class);
    } catch (JsonProcessingException wrong) {
      throw JsonBody.refusal(wrong);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    if (order.upload() != null && order.selection() == null) {
      return uploaded(order, asked);
    }
    if (order.upload() != null
        || order.selection() == null
        || !List.of(BatchOrder.ALL, BatchOrder.UNLABELLED).contains(order.selection())) {
      throw ProblemException.invalid(
          "/selection", "must be 'unlabelled' or 'all', or an upload be named instead");
    }
    String taxonomy =
        classifier.requireModel(
            order.taxonomy() == null ? asked.wishes().taxonomy() : order.taxonomy());
    return accepted(
        intake.select(
            order.selection(),
            new BatchWishes(taxonomy, order.explain(), order.alternatives()),
            asked.caller().name()));
  }

  private Response uploaded(SelectionOrder order, Asked asked) {
    UUID upload;
    try {
      upload = UUID.fromString(order.upload());
    } catch (IllegalArgumentException notAnId) {
      throw ProblemException.notFound("upload", order.upload());
    }
    String taxonomy = order.taxonomy() == null ? asked.wishes().taxonomy() : order.taxonomy();
    if (taxonomy != null) {
      classifier.requireModel(taxonomy);
    }
    return accepted(
        intake.uploaded(
            upload,
            new BatchWishes(taxonomy, order.explain(), order.alternatives()),
            asked.caller().name()));
  }

  private static InputStream unpacked(InputStream body, boolean packed) throws IOException {
    return packed ? new BufferedInputStream(new GZIPInputStream(body, BUFFER), BUFFER) : body;
  }

  private static ProblemException unreadable(IOException broken) {
    return ProblemException.malformed(
        broken instanceof ZipException
            ? "the body is not what Content-Encoding says: gzip"
            : "the body broke off");
  }
}
