package io.kailash.transfer.uploads;

import io.kailash.access.Caller;
import io.kailash.access.RequiresRole;
import io.kailash.access.Role;
import io.kailash.platform.Cursor;
import io.kailash.platform.Page;
import io.kailash.platform.ProblemException;
import io.kailash.transfer.uploads.Receiver.Taken;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.OPTIONS;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

/**
 * Files on their way in: whole in one request, or in pieces by tus 1.0.0 (core, creation,
 * creation-with-upload, checksum, termination; <a
 * href="https://tus.io/protocols/resumable-upload">the protocol</a>).
 */
@Path("uploads")
@Singleton
@RequiresRole(Role.EDITOR)
@Produces(MediaType.APPLICATION_JSON)
public class UploadsResource {
  private static final String TUS = "1.0.0";
  private static final List<String> EXTENSIONS =
      List.of("creation", "creation-with-upload", "checksum", "termination");
  private static final String OFFSET_STREAM = "application/offset+octet-stream";
  private static final Instant FAR_AHEAD = Instant.parse("9999-01-01T00:00:00Z");
  private static final UUID HIGHEST = new UUID(-1, -1);

  private final UploadStore store;
  private final Receiver receiver;
  private final Loadings loadings;

  @Inject
  UploadsResource(UploadStore store, Receiver receiver, Loadings loadings) {
    this.store = store;
    this.receiver = receiver;
    this.loadings = loadings;
  }

  record UploadAnswer(
      UUID id,
      String kind,
      String status,
      Long totalBytes,
      long receivedBytes,
      String sha256,
      String problem,
      UUID job,
      Instant createdAt,
      String createdBy,
      Instant changedAt) {
    static UploadAnswer of(Upload upload) {
      return new UploadAnswer(
          upload.id(),
          upload.kind().text(),
          upload.status(),
          upload.totalBytes(),
          upload.receivedBytes(),
          upload.sha256() == null ? null : HexFormat.of().formatHex(upload.sha256()),
          upload.problem(),
          upload.jobId(),
          upload.createdAt(),
          upload.createdBy(),
          upload.changedAt());
    }
  }

  record AbilitiesAnswer(long maxBytes, List<String> kinds, List<String> tusExtensions) {}

  @OPTIONS
  @RequiresRole(Role.READER)
  public Response abilities() {
    return Response.ok(
            new AbilitiesAnswer(
                receiver.settings().maxBytes(),
                Arrays.stream(UploadKind.values()).map(UploadKind::text).toList(),
                EXTENSIONS))
        .header("Tus-Resumable", TUS)
        .header("Tus-Version", TUS)
        .header("Tus-Extension", String.join(",", EXTENSIONS))
        .header("Tus-Checksum-Algorithm", Digests.TUS_ALGORITHMS)
        .header("Tus-Max-Size", receiver.settings().maxBytes())
        .build();
  }

  /** A whole file, or with {@code Upload-Length} the beginning of one by tus. */
  @POST
  @Consumes({
    "text/csv",
    MediaType.TEXT_PLAIN,
    "text/tab-separated-values",
    "application/x-ndjson",
    "application/gzip",
    MediaType.APPLICATION_OCTET_STREAM,
    OFFSET_STREAM,
    MediaType.MULTIPART_FORM_DATA
  })
  public Response upload(
      InputStream body,
      @QueryParam("kind") String kindText,
      @QueryParam("format") String format,
      @QueryParam("delimiter") String delimiter,
      @QueryParam("charset") String charset,
      @QueryParam("map") List<String> map,
      @QueryParam("taxonomy") String taxonomy,
      @QueryParam("name") String name,
      @HeaderParam("Content-Digest") String contentDigest,
      @HeaderParam("Repr-Digest") String reprDigest,
      @HeaderParam("Tus-Resumable") String tus,
      @HeaderParam("Upload-Length") String uploadLength,
      @HeaderParam("Upload-Metadata") String metadata,
      @HeaderParam("Upload-Checksum") String checksum,
      @Context HttpHeaders headers,
      @Context UriInfo uri,
      @Context SecurityContext security)
      throws IOException {
    if (tus != null) {
      return create(body, headers, uri, security);
    }
    UploadKind kind = UploadKind.of(kindText);
    UploadOptions options = options(kind, parameters(uri));
    byte[] content = Digests.sha256(contentDigest, "Content-Digest");
    byte[] whole = Digests.sha256(reprDigest, "Repr-Digest");
    MessageDigest sent = io.kailash.platform.Sha256.digest();
    InputStream source = content == null ? body : new DigestInputStream(body, sent);
    InputStream file =
        headers.getMediaType() != null && headers.getMediaType().getType().equals("multipart")
            ? MultipartFile.in(source, headers.getHeaderString("Content-Type"))
            : source;
    Upload upload = store.create(kind, options, null, whole, Caller.of(security).name());
    boolean handedOver = false;
    try {
      Taken taken = receiver.take(upload, 0, file, null);
      if (content != null) {
        source.transferTo(java.io.OutputStream.nullOutputStream());
        byte[] digest = sent.digest();
        if (!MessageDigest.isEqual(digest, content)) {
          throw Receiver.digestMismatch(digest);
        }
      }
      UUID job = receiver.received(upload, taken.sha256());
      handedOver = true;
      return (job == null
              ? Response.created(uri.getAbsolutePathBuilder().path(upload.id().toString()).build())
              : Response.accepted().location(jobAddress(uri, job)))
          .entity(UploadAnswer.of(store.require(upload.id())))
          .header("Repr-Digest", Digests.shown(taken.sha256()))
          .build();
    } finally {
      // Nobody knows its name, so nobody could go on with it.
      if (!handedOver) {
        store.remove(upload.id());
      }
    }
  }

  /** How a file would be read; its beginning is enough. */
  @POST
  @Path("preview")
  @Consumes({
    "text/csv",
    MediaType.TEXT_PLAIN,
    "text/tab-separated-values",
    "application/x-ndjson",
    "application/gzip",
    MediaType.APPLICATION_OCTET_STREAM,
    MediaType.MULTIPART_FORM_DATA
  })
  public Preview preview(
      InputStream body,
      @QueryParam("kind") String kindText,
      @QueryParam("format") String format,
      @QueryParam("delimiter") String delimiter,
      @QueryParam("charset") String charset,
      @QueryParam("map") List<String> map,
      @QueryParam("taxonomy") String taxonomy,
      @Context HttpHeaders headers,
      @Context UriInfo uri)
      throws IOException {
    UploadKind kind = UploadKind.of(kindText);
    if (kind == UploadKind.TAXONOMY || kind == UploadKind.BATCH) {
      throw ProblemException.invalid("?kind", "has no preview");
    }
    UploadOptions options = options(kind, parameters(uri));
    InputStream file =
        headers.getMediaType() != null && headers.getMediaType().getType().equals("multipart")
            ? MultipartFile.in(body, headers.getHeaderString("Content-Type"))
            : body;
    byte[] first = file.readNBytes(UploadStore.PART);
    Upload unsaved =
        new Upload(
            null, kind, options, null, null, 0, null, null, null, null, null, "preview", null);
    try {
      return Preview.of(
          first,
          first.length < UploadStore.PART,
          kind,
          options,
          receiver.settings(),
          loadings.of(unsaved));
    } catch (UnreadableFileException unreadable) {
      throw new ProblemException(
          422, "unreadable-file", "Unreadable file", unreadable.getMessage(), List.of());
    }
  }

  @GET
  public Response list(
      @QueryParam("cursor") String cursor,
      @QueryParam("limit") Integer limit,
      @Context UriInfo uri) {
    int rows = Page.limit(limit);
    Instant before = FAR_AHEAD;
    UUID beforeId = HIGHEST;
    if (cursor != null) {
      String[] keys = Cursor.read(cursor, 2);
      try {
        before = Instant.parse(keys[0]);
        beforeId = UUID.fromString(keys[1]);
      } catch (DateTimeParseException | IllegalArgumentException notOurs) {
        throw ProblemException.invalid("?cursor", "is not a cursor of this list");
      }
    }
    List<Upload> found = store.newest(before, beforeId, rows + 1);
    List<UploadAnswer> page = found.stream().limit(rows).map(UploadAnswer::of).toList();
    String next =
        found.size() > rows
            ? Cursor.of(
                page.get(rows - 1).createdAt().toString(), page.get(rows - 1).id().toString())
            : null;
    return new Page<>(page, next).response(uri);
  }

  /** How far an upload is; to HEAD the same without a body, as tus asks. */
  @GET
  @Path("{id}")
  public Response read(@PathParam("id") String id) {
    Upload upload = upload(id);
    Response.ResponseBuilder answer =
        Response.ok(UploadAnswer.of(upload))
            .header("Tus-Resumable", TUS)
            .header("Upload-Offset", upload.receivedBytes())
            .header("Cache-Control", "no-store");
    if (upload.totalBytes() != null) {
      answer.header("Upload-Length", upload.totalBytes());
    }
    return answer.build();
  }

  /** Goes on with an upload by tus. */
  @PATCH
  @Path("{id}")
  @Consumes(OFFSET_STREAM)
  public Response goOn(
      @PathParam("id") String id,
      InputStream body,
      @HeaderParam("Tus-Resumable") String tus,
      @HeaderParam("Upload-Offset") String offset,
      @HeaderParam("Upload-Checksum") String checksum,
      @Context UriInfo uri)
      throws IOException {
    requireTus(tus);
    Upload upload = upload(id);
    long from = number("Upload-Offset", offset);
    Taken taken = receiver.take(upload, from, body, Digests.checksum(checksum));
    return took(upload, from, taken, Response.noContent(), uri).build();
  }

  @DELETE
  @Path("{id}")
  public Response remove(@PathParam("id") String id) {
    Upload upload = upload(id);
    if (upload.status().equals(Upload.RECEIVED) && upload.kind() != UploadKind.BATCH) {
      throw ProblemException.conflict(
          "upload-loading",
          "Upload is being loaded",
          "cancel its job first: POST /api/v1/jobs/" + upload.jobId() + "/cancel");
    }
    store.remove(upload.id());
    return Response.noContent().header("Tus-Resumable", TUS).build();
  }

  private Response create(
      InputStream body, HttpHeaders headers, UriInfo uri, SecurityContext security)
      throws IOException {
    requireTus(headers.getHeaderString("Tus-Resumable"));
    long length = number("Upload-Length", headers.getHeaderString("Upload-Length"));
    if (length > receiver.settings().maxBytes()) {
      throw receiver.tooLarge();
    }
    Map<String, List<String>> metadata = metadata(headers.getHeaderString("Upload-Metadata"));
    Function<String, List<String>> values =
        name -> {
          List<String> said = metadata.get(name);
          return said == null ? parameters(uri).apply(name) : said;
        };
    List<String> kinds = values.apply("kind");
    UploadKind kind = UploadKind.of(kinds.isEmpty() ? null : kinds.get(0));
    byte[] whole = Digests.sha256(headers.getHeaderString("Repr-Digest"), "Repr-Digest");
    Upload upload =
        store.create(kind, options(kind, values), length, whole, Caller.of(security).name());
    Response.ResponseBuilder answer =
        Response.created(uri.getAbsolutePathBuilder().path(upload.id().toString()).build());
    if (headers.getMediaType() != null && headers.getMediaType().toString().equals(OFFSET_STREAM)) {
      Taken taken =
          receiver.take(
              upload, 0, body, Digests.checksum(headers.getHeaderString("Upload-Checksum")));
      Response.ResponseBuilder took = took(upload, 0, taken, answer, uri);
      return took.entity(UploadAnswer.of(store.require(upload.id()))).build();
    }
    return answer
        .header("Tus-Resumable", TUS)
        .header("Upload-Offset", 0)
        .entity(UploadAnswer.of(upload))
        .build();
  }

  private Response.ResponseBuilder took(
      Upload upload, long from, Taken taken, Response.ResponseBuilder answer, UriInfo uri)
      throws IOException {
    answer.header("Tus-Resumable", TUS).header("Upload-Offset", taken.offset());
    if (upload.totalBytes() != null && taken.offset() == upload.totalBytes()) {
      UUID job = receiver.received(upload, from == 0 ? taken.sha256() : null);
      if (job != null) {
        answer.header("Content-Location", jobAddress(uri, job).toString());
      }
    }
    return answer;
  }

  private static UploadOptions options(UploadKind kind, Function<String, List<String>> values) {
    UploadOptions options = UploadOptions.read(kind, values);
    if (kind == UploadKind.TAXONOMY) {
      if (options.taxonomy() == null) {
        throw ProblemException.invalid("?taxonomy", "is missing: the code of the taxonomy");
      }
      if (options.format() != null) {
        UploadJob.taxonomyFormat(options.format());
      }
    }
    return options;
  }

  private static Function<String, List<String>> parameters(UriInfo uri) {
    return name -> uri.getQueryParameters().getOrDefault(name, List.of());
  }

  /** As tus writes it: names and base64 values, parted by commas. */
  private static Map<String, List<String>> metadata(String header) {
    Map<String, List<String>> metadata = new HashMap<>();
    for (String pair : header == null ? new String[0] : header.split(",")) {
      String[] parts = pair.strip().split(" +", 2);
      try {
        String value =
            parts.length < 2
                ? ""
                : new String(Base64.getDecoder().decode(parts[1].strip()), StandardCharsets.UTF_8);
        // Several mappings stand in one value, line by line.
        metadata.put(parts[0], parts[0].equals("map") ? value.lines().toList() : List.of(value));
      } catch (IllegalArgumentException notBase64) {
        throw ProblemException.malformed("Upload-Metadata has a value that is not base64");
      }
    }
    return metadata;
  }

  private static void requireTus(String version) {
    if (!TUS.equals(version)) {
      throw new ProblemException(
              412,
              "tus-version",
              "Unknown version of tus",
              "Tus-Resumable is not " + TUS,
              List.of())
          .header("Tus-Version", TUS);
    }
  }

  private static long number(String name, String text) {
    try {
      long number = text == null ? -1 : Long.parseLong(text);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException notANumber) {
      throw ProblemException.malformed(name + " is not a number of bytes");
    }
    throw ProblemException.malformed(name + " is missing or negative");
  }

  private Upload upload(String id) {
    try {
      return store.require(UUID.fromString(id));
    } catch (IllegalArgumentException notAnId) {
      throw ProblemException.notFound("upload", id);
    }
  }

  private static java.net.URI jobAddress(UriInfo uri, UUID job) {
    return uri.getBaseUriBuilder().path("jobs").path(job.toString()).build();
  }
}
