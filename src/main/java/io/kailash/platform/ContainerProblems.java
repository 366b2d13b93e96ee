package io.kailash.platform;

import java.util.List;

/** Problems for what the container refuses before a resource is reached. */
final class ContainerProblems {
  private ContainerProblems() {}

  static Problem of(int status, String method) {
    return switch (status) {
      case 400 ->
          problem(status, "malformed-request", "Malformed request", "the request cannot be read");
      case 401 ->
          problem(
              status, "unauthenticated", "Not authenticated", "send an API key as bearer token");
      case 403 -> problem(status, "forbidden", "Not allowed", "this is not allowed");
      case 404 ->
          problem(
              status, "not-found", "Not found", "nothing is served here; /openapi lists all paths");
      case 405 ->
          problem(
              status,
              "method-not-allowed",
              "Method not allowed",
              method + " is not served here; the Allow header lists what is");
      case 406 ->
          problem(
              status,
              "not-acceptable",
              "Not acceptable",
              "no representation fits the Accept header");
      case 413 -> problem(status, "too-large", "Too large", "the request is too large");
      case 415 ->
          problem(
              status,
              "unsupported-media-type",
              "Unsupported media type",
              "send one of the content types that /openapi lists for this path");
      case 503 ->
          problem(
              status, "unavailable", "Temporarily unavailable", "the service cannot answer now");
      default ->
          status >= 500
              ? problem(status, "internal", "Internal error", "the request failed")
              : problem(status, "refused", "Refused", "the request was refused");
    };
  }

  private static Problem problem(int status, String type, String title, String detail) {
    return new Problem("urn:kailash:problem:" + type, title, status, detail, null, List.of());
  }
}
