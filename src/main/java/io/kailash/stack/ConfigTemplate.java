package io.kailash.stack;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A file of {@code server-config} in which {@code ${name}} stands for what each run decides. */
final class ConfigTemplate {

  private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([a-z0-9-]+)}");

  private ConfigTemplate() {}

  /**
   * The file's text with its placeholders filled in.
   *
   * @throws StackFailure when a placeholder has no value
   */
  static String fill(Path template, Map<String, String> values) throws IOException {
    Matcher placeholder = PLACEHOLDER.matcher(Files.readString(template, UTF_8));
    return placeholder.replaceAll(
        found -> {
          String value = values.get(found.group(1));
          if (value == null) {
            throw new StackFailure(
                template + " has the unknown placeholder " + found.group() + ".");
          }
          return Matcher.quoteReplacement(value);
        });
  }
}
