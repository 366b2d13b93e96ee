package io.kailash.platform;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Thrown where a request cannot be fulfilled; leaves as {@link Problem}. Rolls a transaction back,
 * as every runtime exception does.
 */
public final class ProblemException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Problem problem;
  private final transient Map<String, String> headers = new LinkedHashMap<>();

  public ProblemException(
      int status, String type, String title, String detail, List<Problem.Violation> errors) {
    super(title + ": " + detail, null, false, false);
    this.problem =
        new Problem(
            "urn:kailash:problem:" + type, title, status, detail, null, List.copyOf(errors));
  }

  private static ProblemException of(int status, String type, String title, String detail) {
    return new ProblemException(status, type, title, detail, List.of());
  }

  /** 400: the request cannot be read as what it should be. */
  public static ProblemException malformed(String detail) {
    return of(400, "malformed-request", "Malformed request", detail);
  }

  /** 400: the body is JSON, but not of the expected shape; names the place. */
  public static ProblemException malformed(String pointer, String detail) {
    return new ProblemException(
        400,
        "malformed-request",
        "Malformed request",
        (pointer.isEmpty() ? "the body" : pointer) + " " + detail,
        List.of(new Problem.Violation(pointer, detail)));
  }

  /** 422: readable, but a value is out of its rules. */
  public static ProblemException invalid(List<Problem.Violation> errors) {
    Problem.Violation first = errors.get(0);
    return new ProblemException(
        422,
        "invalid-value",
        "Invalid value",
        first.pointer()
            + " "
            + first.detail()
            + (errors.size() > 1 ? " (and " + (errors.size() - 1) + " more)" : ""),
        errors);
  }

  /** 422 for one value. */
  public static ProblemException invalid(String pointer, String detail) {
    return invalid(List.of(new Problem.Violation(pointer, detail)));
  }

  /** 404: {@code what} is the kind of thing, {@code id} its name. */
  public static ProblemException notFound(String what, String id) {
    return of(404, "not-found", "Not found", "there is no " + what + " '" + id + "'");
  }

  /** 409: possible in general, but not in the state things are in. */
  public static ProblemException conflict(String type, String title, String detail) {
    return of(409, type, title, detail);
  }

  /** 412: the caller's If-Match names another version than the current one. */
  public static ProblemException stale(String currentEtag) {
    return of(
            412,
            "stale-version",
            "Changed in between",
            "If-Match does not name the current version; read it again and repeat the change")
        .header("ETag", currentEtag);
  }

  /** 428: a change without If-Match. */
  public static ProblemException preconditionRequired() {
    return of(
        428,
        "precondition-required",
        "Precondition required",
        "send If-Match with the ETag of the version you read");
  }

  /** 413: larger than a limit; names the setting. */
  public static ProblemException tooLarge(String detail) {
    return of(413, "too-large", "Too large", detail);
  }

  /** 401: nobody we know. */
  public static ProblemException unauthenticated(String detail) {
    return of(401, "unauthenticated", "Not authenticated", detail)
        .header("WWW-Authenticate", "Bearer realm=\"kailash\"");
  }

  /** 403: known, but may not. */
  public static ProblemException forbidden(String detail) {
    return of(403, "forbidden", "Not allowed", detail);
  }

  /** 503: something needed is down; says when to try again. */
  public static ProblemException unavailable(String detail, int retryAfterSeconds) {
    return of(503, "unavailable", "Temporarily unavailable", detail)
        .header("Retry-After", Integer.toString(retryAfterSeconds));
  }

  /** Adds a header to the answer. */
  public ProblemException header(String name, String value) {
    headers.put(name, value);
    return this;
  }

  public Problem problem() {
    return problem;
  }

  Map<String, String> headers() {
    return headers;
  }
}
