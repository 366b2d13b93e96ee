package io.kailash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The house as it stands keeps every rule, and every rule is able to fail: each is tried on classes
 * that break it and on nothing else.
 */
class HouseTest {
  private static final House OURS = new House("io.kailash");
  private static final House PLANTED = new House("planted");
  private static final Path SOURCES = Path.of("src", "main", "java", "io", "kailash");

  @TempDir Path folder;

  @TestFactory
  Stream<DynamicTest> theHouseKeepsEveryRule() {
    JavaClasses classes =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(OURS.root());
    assertThat(classes.contain("io.kailash.platform.RestApplication")).isTrue();
    Stream<DynamicTest> arrows =
        OURS.arrows().stream()
            .map(rule -> DynamicTest.dynamicTest(rule.getDescription(), () -> rule.check(classes)));
    Stream<DynamicTest> rest =
        OURS.rules().entrySet().stream()
            .map(
                rule ->
                    DynamicTest.dynamicTest(
                        rule.getKey(), () -> rule.getValue().get().check(classes)));
    return Stream.concat(arrows, rest);
  }

  @Test
  void everyRoomSaysWhyItExists() throws IOException {
    assertThat(roomsWithoutReason(SOURCES)).isEmpty();
  }

  @Test
  void aRoomThatDoesNotSayWhyItExistsIsFound() throws IOException {
    Files.createDirectories(folder.resolve("catalog"));
    Files.writeString(folder.resolve("catalog").resolve("Item.java"), "class Item {}");
    assertThat(roomsWithoutReason(folder)).containsExactly("catalog");
  }

  @Test
  void everyRefusedArrowIsFound() throws IOException {
    Map<String, String> sources = new TreeMap<>();
    List<String> refused = new ArrayList<>();
    for (String room : House.rooms()) {
      sources.put("planted." + room + ".Door", "public class Door {}");
      for (String other : House.rooms()) {
        if (!other.equals(room) && !House.mayUse(room).contains(other)) {
          String name = "planted." + room + ".Opens" + other;
          sources.put(name, "class Opens" + other + " { planted." + other + ".Door door; }");
          refused.add(name);
        }
      }
    }
    JavaClasses classes = PlantedClasses.compile(folder, sources);
    List<String> found = new ArrayList<>();
    for (ArchRule rule : PLANTED.arrows()) {
      found.addAll(rule.evaluate(classes).getFailureReport().getDetails());
    }
    assertThat(refused).hasSizeGreaterThan(100);
    assertThat(found).hasSize(refused.size());
    for (String name : refused) {
      assertThat(found).anyMatch(line -> line.contains("<" + name + ".door>"));
    }
  }

  @Test
  void everyAllowedArrowPasses() throws IOException {
    Map<String, String> sources = new TreeMap<>();
    int arrows = 0;
    for (String room : House.rooms()) {
      StringBuilder uses = new StringBuilder();
      for (String other : new TreeSet<>(House.mayUse(room))) {
        uses.append("planted.").append(other).append(".Door ").append(other).append("; ");
        arrows++;
      }
      sources.put("planted." + room + ".Door", "public class Door { " + uses + "}");
    }
    JavaClasses classes = PlantedClasses.compile(folder, sources);
    assertThat(arrows).isGreaterThan(30);
    for (ArchRule rule : PLANTED.arrows()) {
      rule.check(classes);
    }
    PLANTED.noCycles().check(classes);
    PLANTED.everyClassHasARoom().check(classes);
  }

  /** Rule, the class that must be named, and what is planted. */
  private record Violation(String rule, String named, Map<String, String> sources) {}

  private static final List<Violation> VIOLATIONS =
      List.of(
          new Violation(
              "every class has a room",
              "planted.misc.Stray",
              Map.of("planted.misc.Stray", "class Stray {}")),
          new Violation(
              "every class has a room", "planted.Loose", Map.of("planted.Loose", "class Loose {}")),
          new Violation(
              "no cycles",
              "planted.jobs.Egg",
              Map.of(
                  "planted.jobs.Egg",
                  "public class Egg { planted.taxonomy.Hen hen; }",
                  "planted.taxonomy.Hen",
                  "public class Hen { planted.jobs.Egg egg; }")),
          new Violation(
              "nothing imports the outside",
              "planted.operations.Judged",
              Map.of(
                  "planted.certification.Verdict",
                  "public class Verdict {}",
                  "planted.operations.Judged",
                  "class Judged { planted.certification.Verdict verdict; }")),
          new Violation(
              "nothing imports the outside",
              "planted.platform.Starter",
              Map.of(
                  "planted.stack.Server",
                  "public class Server { public static void start() {} }",
                  "planted.platform.Starter",
                  "class Starter { void go() { planted.stack.Server.start(); } }")),
          new Violation(
              "the learning core is plain Java",
              "planted.classification.model.Bean",
              Map.of(
                  "planted.classification.model.Bean", "@jakarta.inject.Singleton class Bean {}")),
          new Violation(
              "the learning core is plain Java",
              "planted.classification.model.Configured",
              Map.of(
                  "planted.classification.model.Configured",
                  "class Configured { org.eclipse.microprofile.config.Config config; }")),
          new Violation(
              "the learning core is plain Java",
              "planted.classification.model.Stored",
              Map.of(
                  "planted.classification.model.Stored",
                  "class Stored { org.hibernate.Session session; }")),
          new Violation(
              "the learning core is plain Java",
              "planted.recommendation.model.Bean",
              Map.of(
                  "planted.recommendation.model.Bean", "@jakarta.inject.Singleton class Bean {}")),
          new Violation(
              "the learning core is plain Java",
              "planted.classification.model.Leaning",
              Map.of(
                  "planted.platform.Door",
                  "public class Door {}",
                  "planted.classification.model.Leaning",
                  "class Leaning { planted.platform.Door door; }")),
          new Violation(
              "resources are called resources",
              "planted.catalog.Items",
              Map.of("planted.catalog.Items", "@jakarta.ws.rs.Path(\"items\") class Items {}")),
          new Violation(
              "only resources are called resources",
              "planted.catalog.FileResource",
              Map.of("planted.catalog.FileResource", "class FileResource {}")),
          new Violation(
              "nobody calls a resource",
              "planted.catalog.Caller",
              Map.of(
                  "planted.catalog.ItemsResource",
                  "@jakarta.ws.rs.Path(\"items\") class ItemsResource { void list() {} }",
                  "planted.catalog.Caller",
                  "class Caller { void call(ItemsResource items) { items.list(); } }")),
          new Violation(
              "names say what a thing is",
              "planted.catalog.ItemEditorImpl",
              Map.of("planted.catalog.ItemEditorImpl", "class ItemEditorImpl {}")),
          new Violation(
              "names say what a thing is",
              "planted.catalog.ItemManager",
              Map.of("planted.catalog.ItemManager", "class ItemManager {}")),
          new Violation(
              "names say what a thing is",
              "planted.catalog.TextUtil",
              Map.of("planted.catalog.TextUtil", "class TextUtil {}")),
          new Violation(
              "names say what a thing is",
              "planted.catalog.TextHelper",
              Map.of("planted.catalog.TextHelper", "class TextHelper {}")),
          new Violation(
              "names say what a thing is",
              "planted.catalog.Items$ItemDto",
              Map.of("planted.catalog.Items", "class Items { record ItemDto() {} }")),
          new Violation(
              "sub-packages are named for a part",
              "planted.catalog.service.Editor",
              Map.of("planted.catalog.service.Editor", "class Editor {}")),
          new Violation(
              "entities stay in their room",
              "planted.catalog.Item",
              Map.of(
                  "planted.catalog.Item",
                  "@jakarta.persistence.Entity public class Item { @jakarta.persistence.Id int id; }")),
          new Violation(
              "nothing is injected into fields",
              "planted.catalog.Editor.clock",
              Map.of(
                  "planted.catalog.Editor",
                  "class Editor { @jakarta.inject.Inject java.time.Clock clock; }")),
          new Violation(
              "life-cycle methods throw nothing checked",
              "planted.catalog.Writer.stop",
              Map.of(
                  "planted.catalog.Writer",
                  "class Writer { @jakarta.annotation.PreDestroy void stop() throws"
                      + " InterruptedException { Thread.sleep(1); } }")),
          new Violation(
              "static fields never change",
              "planted.catalog.Counter.count",
              Map.of("planted.catalog.Counter", "class Counter { static int count; }")),
          new Violation(
              "entities are listed",
              "planted.catalog.Shelf",
              Map.of(
                  "planted.catalog.Shelf",
                  "@jakarta.persistence.Entity class Shelf { @jakarta.persistence.Id long id; }")),
          new Violation(
              "time comes from a clock",
              "planted.catalog.Watch",
              Map.of(
                  "planted.catalog.Watch",
                  "class Watch { Object at() { return java.time.Instant.now(); } }")),
          new Violation(
              "chance comes from a source",
              "planted.catalog.Dice",
              Map.of(
                  "planted.catalog.Dice",
                  "class Dice { int roll() { return new java.util.Random().nextInt(6); } }")));

  @TestFactory
  Stream<DynamicTest> everyRuleFailsOnItsPlantedViolation() {
    return VIOLATIONS.stream()
        .map(
            violation ->
                DynamicTest.dynamicTest(
                    violation.rule() + " names " + violation.named(),
                    () -> {
                      Path place = Files.createTempDirectory(folder, "planted");
                      JavaClasses classes = PlantedClasses.compile(place, violation.sources());
                      ArchRule rule = PLANTED.rules().get(violation.rule()).get();
                      assertThatThrownBy(() -> rule.check(classes))
                          .isInstanceOf(AssertionError.class)
                          .hasMessageContaining(violation.named());
                    }));
  }

  @Test
  void noRuleIsWithoutAPlantedViolation() {
    assertThat(VIOLATIONS.stream().map(Violation::rule).distinct())
        .containsExactlyInAnyOrderElementsOf(PLANTED.rules().keySet());
  }

  private static List<String> roomsWithoutReason(Path sources) throws IOException {
    try (Stream<Path> children = Files.list(sources)) {
      return children
          .filter(Files::isDirectory)
          .filter(room -> !Files.exists(room.resolve("package-info.java")))
          .map(room -> room.getFileName().toString())
          .sorted()
          .toList();
    }
  }
}
