package io.kailash.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kailash.projection.GraphMigrations.Migration;
import java.util.List;
import org.junit.jupiter.api.Test;

class GraphMigrationsTest {
  @Test
  void aFileIsItsStatementsWithoutComments() {
    Migration read =
        Migration.of(
            "V0007__two_things.cypher",
            "// why; and how\nCREATE (:A {x: 'a;b'});\nMATCH (n)\nRETURN n;\n");
    assertThat(read.version()).isEqualTo("0007");
    assertThat(read.name()).isEqualTo("two_things");
    assertThat(read.statements())
        .isEqualTo(List.of("CREATE (:A {x: 'a;b'})", "MATCH (n)\nRETURN n"));
  }

  @Test
  void theChecksumTellsTextsApartButNotLineEnds() {
    String file = "V0001__a.cypher";
    assertThat(Migration.of(file, "RETURN 1;\n").checksum())
        .isEqualTo(Migration.of(file, "RETURN 1;\r\n").checksum())
        .isNotEqualTo(Migration.of(file, "RETURN 2;\n").checksum());
  }

  @Test
  void anotherNameIsRefused() {
    assertThatThrownBy(() -> Migration.of("V1__a.cypher", "RETURN 1;"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("V1__a.cypher");
  }

  @Test
  void thisBuildHasItsFilesInOrder() {
    assertThat(GraphMigrations.ofThisBuild()).isNotEmpty();
    assertThat(GraphMigrations.ofThisBuild().get(0).version()).isEqualTo("0001");
    assertThat(GraphMigrations.ofThisBuild().get(0).statements()).hasSize(5);
  }
}
