package io.kailash.stack;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Tells Arquillian's container, by the system properties that it reads, which server to start and
 * where the stores are. Passwords go by a file that only its owner may read.
 */
final class ContainerOnTheStack implements BeforeAllCallback {

  @Override
  public void beforeAll(ExtensionContext context) throws IOException {
    EmbeddedStack stack = RunningService.get().stack();
    Launch launch = stack.launch();
    Properties properties = new Properties();
    properties.putAll(ServiceProcess.properties(stack));
    StringWriter text = new StringWriter();
    properties.store(text, null);
    Path file = launch.folder().resolve("conf").resolve("in-container.properties");
    launch.folder().writePrivately(file, text.toString());

    List<String> jvm = new ArrayList<>(List.of("-Xmx512m"));
    jvm.addAll(ServiceProcess.optionsIn(launch.config("payara-micro").resolve("jvm.options")));
    System.setProperty("payara.microJar", ServiceProcess.payaraMicro(stack.settings().project()));
    System.setProperty("payara.cmdOptions", String.join(" ", jvm));
    System.setProperty(
        "payara.extraMicroOptions",
        String.join(
            " ",
            "--logproperties",
            launch.config("payara-micro").resolve("logging.properties").toString(),
            "--nohazelcast",
            "--disablephonehome",
            "--prebootcommandfile",
            launch.config("payara-micro").resolve("pre-boot.asadmin").toString(),
            "--systemproperties",
            file.toString()));
    System.setProperty("payara.consoleOutput", "false");
  }
}
