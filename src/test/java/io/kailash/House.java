package io.kailash;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.persistence.Converter;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Entity;
import jakarta.persistence.MappedSuperclass;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The rooms of the house, the arrows between them and the rules every class keeps. All of it is
 * parametrised by the root package, so that the same rules can be tried on planted violations.
 *
 * @param root package whose direct children are the rooms
 */
record House(String root) {
  private static final Set<String> EVERYBODYS = Set.of("platform", "access");

  /** What ships in the WAR: room to the rooms it may use, beside itself. */
  private static final Map<String, Set<String>> IN_THE_WAR = inTheWar();

  /** What judges or starts the service from outside; nothing imports it and it imports nothing. */
  private static final Set<String> OUTSIDE = Set.of("certification", "stack");

  /** Sub-packages are named for a part of the business, never for one of these. */
  private static final Set<String> LAYERS =
      Set.of(
          "adapter",
          "adapters",
          "api",
          "common",
          "controller",
          "controllers",
          "dao",
          "domain",
          "dto",
          "entities",
          "entity",
          "helper",
          "helpers",
          "impl",
          "infrastructure",
          "internal",
          "persistence",
          "repositories",
          "repository",
          "resource",
          "resources",
          "rest",
          "service",
          "services",
          "util",
          "utils",
          "web");

  private static Map<String, Set<String>> inTheWar() {
    Map<String, Set<String>> rooms = new LinkedHashMap<>();
    rooms.put("platform", Set.of());
    rooms.put("access", Set.of("platform"));
    rooms.put("jobs", EVERYBODYS);
    rooms.put("similarity", EVERYBODYS);
    rooms.put("taxonomy", EVERYBODYS);
    rooms.put("catalog", with("taxonomy", "similarity"));
    rooms.put("classification", with("catalog", "taxonomy", "similarity", "jobs"));
    rooms.put("recommendation", with("catalog", "taxonomy", "similarity", "jobs"));
    rooms.put("transfer", with("catalog", "taxonomy", "classification", "recommendation", "jobs"));
    rooms.put(
        "projection", with("catalog", "classification", "recommendation", "similarity", "jobs"));
    rooms.put("live", EVERYBODYS);
    Set<String> all = new TreeSet<>(rooms.keySet());
    rooms.put("operations", all);
    return rooms;
  }

  private static Set<String> with(String... more) {
    Set<String> rooms = new TreeSet<>(EVERYBODYS);
    rooms.addAll(List.of(more));
    return rooms;
  }

  /** All rooms, those outside the WAR too. */
  static Set<String> rooms() {
    Set<String> rooms = new TreeSet<>(IN_THE_WAR.keySet());
    rooms.addAll(OUTSIDE);
    return rooms;
  }

  /** The rooms that {@code room} may use beside itself. */
  static Set<String> mayUse(String room) {
    return IN_THE_WAR.getOrDefault(room, Set.of());
  }

  ArchRule everyClassHasARoom() {
    return classes()
        .that()
        .doNotHaveSimpleName("package-info")
        .should()
        .resideInAnyPackage(rooms().stream().map(this::packages).toArray(String[]::new))
        .as("every class has a room");
  }

  /** One rule per room: what it may not use. */
  List<ArchRule> arrows() {
    List<ArchRule> rules = new ArrayList<>();
    for (String room : rooms()) {
      Set<String> refused = new TreeSet<>(rooms());
      refused.remove(room);
      refused.removeAll(mayUse(room));
      rules.add(
          noClasses()
              .that()
              .resideInAPackage(packages(room))
              .should()
              .dependOnClassesThat()
              .resideInAnyPackage(refused.stream().map(this::packages).toArray(String[]::new))
              .as("room '" + room + "' uses nothing but " + mayUse(room))
              .allowEmptyShould(true));
    }
    return rules;
  }

  ArchRule noCycles() {
    return slices()
        .matching(root + ".(*)..")
        .should()
        .beFreeOfCycles()
        .as("rooms are free of cycles");
  }

  ArchRule nothingImportsTheOutside() {
    return noClasses()
        .that()
        .resideOutsideOfPackages(outsidePackages())
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(outsidePackages())
        .as("nothing imports certification or stack");
  }

  ArchRule theLearningCoreIsPlainJava() {
    String[] cores = {root + ".classification.model..", root + ".recommendation.model.."};
    return noClasses()
        .that()
        .resideInAnyPackage(cores)
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                    "jakarta..",
                    "javax.sql..",
                    "java.sql..",
                    "org.eclipse.microprofile..",
                    "org.hibernate..")
                .or(
                    resideInAPackage(root + "..")
                        .and(DescribedPredicate.not(resideInAnyPackage(cores))))
                .as("belong to the container, to a database or to another room"))
        .as("the learning core is plain Java")
        .allowEmptyShould(true);
  }

  ArchRule resourcesAreCalledResources() {
    return classes()
        .that()
        .areAnnotatedWith(jakarta.ws.rs.Path.class)
        .should()
        .haveSimpleNameEndingWith("Resource")
        .as("what has a path is called Resource")
        .allowEmptyShould(true);
  }

  ArchRule onlyResourcesAreCalledResources() {
    return classes()
        .that()
        .haveSimpleNameEndingWith("Resource")
        .should()
        .beAnnotatedWith(jakarta.ws.rs.Path.class)
        .as("what is called Resource has a path")
        .allowEmptyShould(true);
  }

  /** A resource translates and delegates; were it called, it would have decided something. */
  ArchRule nobodyCallsAResource() {
    return noClasses()
        .should(
            new ArchCondition<JavaClass>("use a resource of REST") {
              @Override
              public void check(JavaClass user, ConditionEvents events) {
                user.getDirectDependenciesFromSelf().stream()
                    .filter(use -> use.getTargetClass().isAnnotatedWith(jakarta.ws.rs.Path.class))
                    .filter(use -> !outermost(user).equals(outermost(use.getTargetClass())))
                    .forEach(
                        use ->
                            events.add(SimpleConditionEvent.satisfied(use, use.getDescription())));
              }
            })
        .as("nobody calls a resource");
  }

  ArchRule namesSayWhatAThingIs() {
    return noClasses()
        .should()
        .haveNameMatching(".*(Impl|Manager|Utils?|Helpers?|Dto|DTO)")
        .as("no class is called Impl, Manager, Util, Helper or Dto");
  }

  ArchRule subPackagesAreNamedForAPart() {
    return noClasses()
        .should()
        .resideInAnyPackage(
            LAYERS.stream().map(layer -> root + ".*.." + layer + "..").toArray(String[]::new))
        .as("no package is named for a technical layer");
  }

  ArchRule entitiesStayInTheirRoom() {
    return noClasses()
        .that()
        .areAnnotatedWith(Entity.class)
        .or()
        .areAnnotatedWith(Embeddable.class)
        .or()
        .areAnnotatedWith(MappedSuperclass.class)
        .should()
        .bePublic()
        .as("entities are package-private")
        .allowEmptyShould(true);
  }

  ArchRule nothingIsInjectedIntoFields() {
    return noFields()
        .should()
        .beAnnotatedWith(Inject.class)
        .as("dependencies come through the constructor");
  }

  /** The server refuses to deploy a bean whose life-cycle method declares a checked exception. */
  ArchRule lifecycleMethodsThrowNothingChecked() {
    return noMethods()
        .that()
        .areAnnotatedWith(PostConstruct.class)
        .or()
        .areAnnotatedWith(PreDestroy.class)
        .should()
        .declareThrowableOfType(
            describe(
                "checked",
                (JavaClass thrown) ->
                    !thrown.isAssignableTo(RuntimeException.class)
                        && !thrown.isAssignableTo(Error.class)))
        .as("life-cycle methods throw nothing checked")
        .allowEmptyShould(true);
  }

  ArchRule staticFieldsNeverChange() {
    return fields().that().areStatic().should().beFinal().as("static fields are final");
  }

  ArchRule timeComesFromAClock() {
    return inTheWarExceptPlatform()
        .callMethodWhere(
            describe(
                "reads the machine's time",
                (JavaCall<?> call) ->
                    // A program's own main is where its clock is made.
                    !call.getOrigin().getName().equals("main")
                        && ((call.getTargetOwner().getPackageName().equals("java.time")
                                && call.getName().equals("now")
                                && call.getTarget().getRawParameterTypes().stream()
                                    .noneMatch(type -> type.isEquivalentTo(java.time.Clock.class)))
                            || (call.getTargetOwner().isEquivalentTo(System.class)
                                && call.getName().equals("currentTimeMillis"))
                            || (call.getTargetOwner().isEquivalentTo(java.time.Clock.class)
                                && call.getName().startsWith("system")))))
        .as("time comes from an injected clock")
        .allowEmptyShould(true);
  }

  ArchRule chanceComesFromASource() {
    return inTheWarExceptPlatform()
        .callCodeUnitWhere(
            describe(
                "makes its own randomness",
                (JavaCall<?> call) ->
                    (call.getTargetOwner().isEquivalentTo(Math.class)
                            && call.getName().equals("random"))
                        || call.getTargetOwner().isEquivalentTo(ThreadLocalRandom.class)
                        || (call.getTargetOwner().isAssignableTo(java.util.Random.class)
                            && call.getName().equals("<init>")
                            && call.getTarget().getRawParameterTypes().isEmpty()
                            && !call.getTargetOwner()
                                .isAssignableTo(java.security.SecureRandom.class))))
        .as("randomness comes from a seed or an injected source")
        .allowEmptyShould(true);
  }

  private com.tngtech.archunit.lang.syntax.elements.ClassesShould inTheWarExceptPlatform() {
    return noClasses()
        .that()
        .resideInAnyPackage(
            IN_THE_WAR.keySet().stream()
                .filter(room -> !room.equals("platform"))
                .map(this::packages)
                .toArray(String[]::new))
        .should();
  }

  /** Hibernate does not search for entities; one that is not listed would be unknown to it. */
  ArchRule entitiesAreListed() {
    Set<String> listed = listedEntities();
    return classes()
        .that()
        .areAnnotatedWith(Entity.class)
        .or()
        .areAnnotatedWith(Embeddable.class)
        .or()
        .areAnnotatedWith(MappedSuperclass.class)
        .or()
        .areAnnotatedWith(Converter.class)
        .should(
            new ArchCondition<>("be listed in META-INF/persistence.xml") {
              @Override
              public void check(JavaClass item, ConditionEvents events) {
                if (!listed.contains(item.getName())) {
                  events.add(
                      SimpleConditionEvent.violated(item, item.getName() + " is not listed"));
                }
              }
            })
        .as("entities are listed")
        .allowEmptyShould(true);
  }

  private static Set<String> listedEntities() {
    Path descriptor = Path.of("src/main/resources/META-INF/persistence.xml");
    try {
      return Pattern.compile("<class>([^<]*)</class>")
          .matcher(Files.readString(descriptor))
          .results()
          .map(match -> match.group(1))
          .collect(Collectors.toSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Every rule but the arrows, with the name it is tried under. */
  Map<String, Supplier<ArchRule>> rules() {
    Map<String, Supplier<ArchRule>> rules = new LinkedHashMap<>();
    rules.put("every class has a room", this::everyClassHasARoom);
    rules.put("no cycles", this::noCycles);
    rules.put("nothing imports the outside", this::nothingImportsTheOutside);
    rules.put("the learning core is plain Java", this::theLearningCoreIsPlainJava);
    rules.put("resources are called resources", this::resourcesAreCalledResources);
    rules.put("only resources are called resources", this::onlyResourcesAreCalledResources);
    rules.put("nobody calls a resource", this::nobodyCallsAResource);
    rules.put("names say what a thing is", this::namesSayWhatAThingIs);
    rules.put("sub-packages are named for a part", this::subPackagesAreNamedForAPart);
    rules.put("entities stay in their room", this::entitiesStayInTheirRoom);
    rules.put("entities are listed", this::entitiesAreListed);
    rules.put("nothing is injected into fields", this::nothingIsInjectedIntoFields);
    rules.put(
        "life-cycle methods throw nothing checked", this::lifecycleMethodsThrowNothingChecked);
    rules.put("static fields never change", this::staticFieldsNeverChange);
    rules.put("time comes from a clock", this::timeComesFromAClock);
    rules.put("chance comes from a source", this::chanceComesFromASource);
    return rules;
  }

  private String packages(String room) {
    return root + "." + room + "..";
  }

  private String[] outsidePackages() {
    return OUTSIDE.stream().map(this::packages).toArray(String[]::new);
  }

  private static JavaClass outermost(JavaClass nested) {
    JavaClass current = nested;
    while (current.getEnclosingClass().isPresent()) {
      current = current.getEnclosingClass().get();
    }
    return current;
  }
}
