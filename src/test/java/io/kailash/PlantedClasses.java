package io.kailash;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Compiles classes that break a rule, so that they exist nowhere but in the test of that rule. */
final class PlantedClasses {
  private PlantedClasses() {}

  /**
   * Compiles and reads classes.
   *
   * @param folder an empty folder to work in
   * @param sources full class name to its source without the package line
   */
  static JavaClasses compile(Path folder, Map<String, String> sources) throws IOException {
    Path written = Files.createDirectory(folder.resolve("sources"));
    Path compiled = Files.createDirectory(folder.resolve("classes"));
    List<Path> files = new ArrayList<>();
    for (Map.Entry<String, String> source : sources.entrySet()) {
      String name = source.getKey();
      Path file = written.resolve(name.replace('.', '/') + ".java");
      Files.createDirectories(file.getParent());
      Files.writeString(
          file,
          "package " + name.substring(0, name.lastIndexOf('.')) + ";\n" + source.getValue() + "\n");
      files.add(file);
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    try (StandardJavaFileManager manager =
        compiler.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8)) {
      boolean done =
          compiler
              .getTask(
                  messages,
                  manager,
                  null,
                  List.of(
                      "-proc:none",
                      "-classpath",
                      System.getProperty("java.class.path"),
                      "-d",
                      compiled.toString()),
                  null,
                  manager.getJavaFileObjectsFromPaths(files))
              .call();
      if (!done) {
        throw new IllegalStateException("the planted classes do not compile:\n" + messages);
      }
    }
    return new ClassFileImporter().importPath(compiled);
  }
}
