package io.kailash.recommendation;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.kailash.platform.Json;
import io.kailash.platform.JsonBody;
import io.kailash.platform.ProblemException;
import io.kailash.recommendation.InteractionDraft.Checked;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Reads interactions line by line, each a JSON object, and hands them on in chunks. A wrong line is
 * named with its number and left out; the others count.
 */
final class InteractionStream {
  private static final int CHUNK = 2_000;
  private static final int MAX_LINE_BYTES = 16 * 1024;
  private static final int MOST_NAMED = 100;

  private final Clock clock;
  private final int maxLines;
  private final Function<List<Checked>, Integer> write;
  private final List<Checked> chunk = new ArrayList<>(CHUNK);
  private final List<WrongLine> wrongLines = new ArrayList<>();
  private long line;
  private long read;
  private long added;
  private long wrong;

  /** A line that was left out, and why. */
  record WrongLine(long line, String problem) {}

  /**
   * What came of a stream.
   *
   * @param read lines that held an interaction
   * @param added of these, those that were new
   * @param repeated of these, those that were there already
   * @param wrong lines that were left out; the first of them are named
   */
  record Outcome(long read, long added, long repeated, long wrong, List<WrongLine> wrongLines) {}

  /**
   * @param write stores a chunk in a transaction and tells how many were new
   */
  InteractionStream(Clock clock, int maxLines, Function<List<Checked>, Integer> write) {
    this.clock = clock;
    this.maxLines = maxLines;
    this.write = write;
  }

  /** Reads to the end. Chunks that were written before a failure stay written. */
  Outcome take(InputStream body) throws IOException {
    byte[] buffer = new byte[64 * 1024];
    ByteArrayOutputStream current = new ByteArrayOutputStream(512);
    long length = 0;
    for (int count = body.read(buffer); count >= 0; count = body.read(buffer)) {
      int from = 0;
      for (int i = 0; i < count; i++) {
        if (buffer[i] == '\n') {
          length += i - from;
          keep(current, buffer, from, i, length);
          end(current, length);
          length = 0;
          from = i + 1;
        }
      }
      length += count - from;
      keep(current, buffer, from, count, length);
    }
    if (length > 0) {
      end(current, length);
    }
    flush();
    return new Outcome(read, added, read - added, wrong, List.copyOf(wrongLines));
  }

  /** An overlong line is counted but not kept. */
  private static void keep(
      ByteArrayOutputStream current, byte[] buffer, int from, int to, long length) {
    if (length <= MAX_LINE_BYTES) {
      current.write(buffer, from, to - from);
    }
  }

  private void end(ByteArrayOutputStream current, long length) {
    line++;
    if (line > maxLines) {
      throw ProblemException.tooLarge(
          "a stream may have "
              + maxLines
              + " lines (setting kailash.recommendation.max-stream-lines); the first "
              + maxLines
              + " were taken");
    }
    String text = current.toString(StandardCharsets.UTF_8);
    current.reset();
    if (length > MAX_LINE_BYTES) {
      refuse("has " + length + " bytes; " + MAX_LINE_BYTES + " are allowed");
      return;
    }
    if (text.isBlank()) {
      return;
    }
    try {
      InteractionDraft draft = Json.MAPPER.readValue(text, InteractionDraft.class);
      if (draft == null) {
        refuse("is null; an object is expected");
        return;
      }
      chunk.add(draft.checked(clock.instant()));
      read++;
    } catch (JsonProcessingException notAnInteraction) {
      refuse(JsonBody.refusal(notAnInteraction).problem().detail());
    } catch (ProblemException invalid) {
      refuse(invalid.problem().detail());
    }
    if (chunk.size() == CHUNK) {
      flush();
    }
  }

  private void refuse(String why) {
    wrong++;
    if (wrongLines.size() < MOST_NAMED) {
      wrongLines.add(new WrongLine(line, why));
    }
  }

  private void flush() {
    added += write.apply(List.copyOf(chunk));
    chunk.clear();
  }
}
