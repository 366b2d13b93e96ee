package io.kailash.certification.load;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What is in {@code jmeter/plans} is what the fragments make, and every scenario has a plan.
 *
 * <p>{@code mvn test -Dtest=PlansTest -Dplans.write=true} writes the files anew.
 */
class PlansTest {

  private static final Path FOLDER = Path.of("jmeter", "plans");

  @Test
  void theFilesAreWhatTheFragmentsMake() throws IOException {
    if (Boolean.getBoolean("plans.write")) {
      Files.createDirectories(FOLDER);
      for (Plans.Plan plan : Plans.all()) {
        Files.writeString(FOLDER.resolve(plan.file()), Plans.render(plan), UTF_8);
      }
    }
    List<String> names;
    try (Stream<Path> files = Files.list(FOLDER)) {
      names = files.map(file -> file.getFileName().toString()).sorted().toList();
    }
    assertThat(names)
        .containsExactlyInAnyOrderElementsOf(Plans.all().stream().map(Plans.Plan::file).toList());
    for (Plans.Plan plan : Plans.all()) {
      assertThat(Files.readString(FOLDER.resolve(plan.file()), UTF_8)).isEqualTo(Plans.render(plan));
    }
  }
}
