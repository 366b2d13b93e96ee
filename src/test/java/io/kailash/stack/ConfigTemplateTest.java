package io.kailash.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigTemplateTest {

  @TempDir Path folder;

  @Test
  void placeholdersAreFilledInLiterally() throws IOException {
    Path template = Files.writeString(folder.resolve("a.conf"), "port ${port}\nkey '${a-key}'\n");

    assertThat(ConfigTemplate.fill(template, Map.of("port", "1", "a-key", "$1\\x")))
        .isEqualTo("port 1\nkey '$1\\x'\n");
  }

  @Test
  void unknownPlaceholderIsRefused() throws IOException {
    Path template = Files.writeString(folder.resolve("a.conf"), "port ${port}");

    assertThatThrownBy(() -> ConfigTemplate.fill(template, Map.of()))
        .isInstanceOf(StackFailure.class)
        .hasMessageContaining("${port}");
  }
}
