package io.kailash.operations;

import io.kailash.stack.Eventually;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** A browser without a window, with a profile of its own and no connection but to the service. */
final class Browser implements AutoCloseable {

  private final Path profile;
  final ChromeDriver driver;

  Browser() throws IOException {
    profile = Files.createTempDirectory("browser");
    ChromeOptions options = new ChromeOptions();
    options.setBinary(program("chromium").toFile());
    options.addArguments(
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--user-data-dir=" + profile,
        "--window-size=1280,1000");
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    options.setCapability("goog:loggingPrefs", logs);
    driver =
        new ChromeDriver(
            new ChromeDriverService.Builder()
                .usingDriverExecutable(program("chromedriver").toFile())
                .build(),
            options);
  }

  private static Path program(String name) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(name + " is not on the path"));
  }

  WebElement byId(String id) {
    return driver.findElement(By.id(id));
  }

  /** Waits for a text to be shown and returns it. */
  String shown(String id) throws Exception {
    await(id + " is shown", () -> byId(id).isDisplayed() && !byId(id).getText().isBlank());
    return byId(id).getText();
  }

  /** Waits for what is to come, and tells what is shown where it does not. */
  void await(String what, Callable<Boolean> condition) throws Exception {
    if (!Eventually.within(Eventually.PATIENCE, condition)) {
      throw new AssertionError(
          "not within "
              + Eventually.PATIENCE
              + ": "
              + what
              + "; shown is "
              + byTag("main").getText());
    }
  }

  /** Chooses an entry of a list as its user would. */
  void choose(String id, String value) {
    byId(id).findElement(By.cssSelector("option[value='" + value + "']")).click();
  }

  private WebElement byTag(String name) {
    return driver.findElement(By.tagName(name));
  }

  /** Colours and width as another device has them. */
  void actAs(int width, String colours) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", width < 600));
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", colours))));
  }

  /** What the browser complained about since this was last asked. */
  List<String> complaints() {
    List<String> lines = new ArrayList<>();
    driver.manage().logs().get(LogType.BROWSER).forEach(line -> lines.add(line.getMessage()));
    return lines;
  }

  @Override
  public void close() {
    driver.quit();
    try (Stream<Path> files = Files.walk(profile)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException stillInUse) {
      throw new UncheckedIOException("the profile could not be removed", stillInUse);
    }
  }
}
