package io.kailash.certification.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/**
 * The JMeter plans. They differ in what they send and in how their threads come, and repeat all
 * else; so they are put together here from fragments, and {@code jmeter/plans} holds the result,
 * which JMeter opens as it is.
 *
 * <p>Every plan has the same four parts: begin, warm up, measure (with the samples' file), end.
 */
final class Plans {

  /** Property of JMeter to its default: what differs from scenario to scenario. */
  private static final Pattern PARAMETER =
      Pattern.compile("\\$\\{__P\\(load\\.([a-z-]+),([^)]*)\\)}");

  private static final Map<String, Plan> ALL = new LinkedHashMap<>();

  static {
    Set<String> mix = Set.of("classify", "recommend", "items.read", "admin");
    open("classify", "Classifications at a rate", Set.of("classify"));
    open("recommend", "Recommendations at a rate", Set.of("recommend"));
    open("health", "Health checks at a rate", Set.of("health"));
    open(
        "read-and-administer", "Reads and administration at a rate", Set.of("items.read", "admin"));
    open("mix", "The mix at a rate", mix);
    closed("users", "Users who ask again as soon as they are answered", mix);
    closed("ramp", "Users who come one after another", mix);
    closed("burst", "All users at once", mix);
    open("capacity", "The mix at rising rates, until a response time does not hold", mix);
    open("overload", "The mix at a multiple of the capacity found", mix);
    closed("stores", "Each class of operation on its store, one after another", stores());
    closed("batch-users", "Batches as jobs, one after another", Set.of("batch"));
    open("batch", "Batches as jobs, at a rate", Set.of("batch"));
    closed("stream", "Answers that are streamed", Set.of("stream", "stream.first_byte"));
    open("upload", "Files taken in, at a rate", Set.of("upload"));
    closed("export", "Files given out", Set.of("export"));
    open("tasks", "Background tasks, at a rate", Set.of("task"));
    open(
        "websocket",
        "Messages over open WebSockets, at a rate",
        Set.of("live.message", "live.connect", "live.stay"));
    open(
        "updates",
        "Changes until they are heard of and everywhere",
        Set.of("update.event", "update.notification", "update.propagation"));
    open("stores-rate", "Operations on one store at a rate", stores());
  }

  private Plans() {}

  /**
   * A plan.
   *
   * @param operations what it can send
   */
  record Plan(String name, String title, boolean open, Set<String> operations) {
    String file() {
      return name + ".jmx";
    }
  }

  private static void open(String name, String title, Set<String> operations) {
    ALL.put(name, new Plan(name, title, true, operations));
  }

  private static void closed(String name, String title, Set<String> operations) {
    ALL.put(name, new Plan(name, title, false, operations));
  }

  private static Set<String> stores() {
    return Set.of(
        "postgresql.select",
        "postgresql.join",
        "postgresql.insert",
        "postgresql.update",
        "postgresql.commit",
        "neo4j.lookup",
        "neo4j.relationship",
        "neo4j.traversal",
        "neo4j.pattern",
        "chroma.search",
        "chroma.similarity",
        "chroma.store",
        "chroma.collection",
        "redis.hit",
        "redis.miss",
        "redis.session",
        "redis.store");
  }

  static List<Plan> all() {
    return List.copyOf(ALL.values());
  }

  /**
   * The plan of a scenario.
   *
   * @throws IOException when there is none that sends what the scenario asks for
   */
  static Plan of(Scenarios.Scenario scenario) throws IOException {
    Set<String> wanted = scenario.operations().keySet();
    String preferred =
        switch (scenario.id()) {
          case Scenarios.CAPACITY -> "capacity";
          case "stress.gradual_increase" -> "ramp";
          case "stress.burst_load" -> "burst";
          default -> Scenarios.times(scenario.id()) > 0 ? "overload" : "";
        };
    if (ALL.containsKey(preferred)) {
      return ALL.get(preferred);
    }
    return ALL.values().stream()
        .filter(plan -> plan.open() == scenario.open() && plan.operations().containsAll(wanted))
        .findFirst()
        .orElseThrow(
            () ->
                new IOException(
                    "no plan sends "
                        + wanted
                        + (scenario.open() ? " at a rate" : " by users")
                        + ", which scenario "
                        + scenario.id()
                        + " asks for"));
  }

  /** A copy of a plan with its parameters filled in. */
  static String filled(Path plan, Map<String, String> parameters) throws IOException {
    Matcher matcher = PARAMETER.matcher(Files.readString(plan, UTF_8));
    StringBuilder text = new StringBuilder();
    while (matcher.find()) {
      String value = parameters.get(matcher.group(1));
      if (value == null) {
        throw new IOException(plan + " wants load." + matcher.group(1) + ", which is not known");
      }
      matcher.appendReplacement(text, Matcher.quoteReplacement(escaped(value)));
    }
    return matcher.appendTail(text).toString();
  }

  /**
   * One plan that does what several filled ones do, one after another: JMeter's plugin runs files
   * in whatever order a folder lists them, and one JVM for all of them starts once.
   */
  static String oneAfterAnother(List<String> filled) throws IOException {
    try {
      DocumentBuilder builder = DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder();
      Document all = null;
      Node groups = null;
      for (String text : filled) {
        Document plan = builder.parse(new InputSource(new StringReader(text)));
        Node its = groupsOf(plan);
        if (groups == null) {
          all = plan;
          groups = its;
          continue;
        }
        for (Node child = its.getFirstChild(); child != null; child = child.getNextSibling()) {
          groups.appendChild(all.importNode(child, true));
        }
      }
      if (groups == null) {
        throw new IOException("there is no plan to be run");
      }
      // What comes first or last in a plan of its own comes in its place here.
      for (String kind : new String[] {"SetupThreadGroup", "PostThreadGroup"}) {
        NodeList found = all.getElementsByTagName(kind);
        while (found.getLength() > 0) {
          Element group = (Element) found.item(0);
          group.setAttribute("guiclass", "ThreadGroupGui");
          group.setAttribute("testclass", "ThreadGroup");
          all.renameNode(group, null, "ThreadGroup");
        }
      }
      StringWriter writer = new StringWriter();
      TransformerFactory.newDefaultInstance()
          .newTransformer()
          .transform(new DOMSource(all), new StreamResult(writer));
      return writer.toString();
    } catch (ParserConfigurationException | SAXException | TransformerException e) {
      throw new IOException("the plans cannot be put together: " + e.getMessage(), e);
    }
  }

  /** The tree under the plan itself: groups, each followed by its own tree. */
  private static Node groupsOf(Document plan) {
    Element outer = child(plan.getDocumentElement(), "hashTree");
    return child(outer, "hashTree");
  }

  private static Element child(Element parent, String name) {
    for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node instanceof Element element && element.getTagName().equals(name)) {
        return element;
      }
    }
    throw new IllegalArgumentException("no " + name + " in " + parent.getTagName());
  }

  private static String escaped(String value) {
    return value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  /** The text of a plan. */
  static String render(Plan plan) {
    String operations =
        plan.operations().stream().sorted().reduce((a, b) -> a + " " + b).orElseThrow();
    String how =
        plan.open()
            ? "Threads stand ready; each takes the next planned arrival, waits for its time and"
                + " sends."
            : "Each thread is a user.";
    return String.format(
            Locale.ROOT,
            """
    <?xml version="1.0" encoding="UTF-8"?>
    <jmeterTestPlan version="1.2" properties="5.0" jmeter="5.5">
      <hashTree>
        <TestPlan guiclass="TestPlanGui" testclass="TestPlan" testname="%s" enabled="true">
          <stringProp name="TestPlan.comments">Sends: %s. %s</stringProp>
          <boolProp name="TestPlan.functional_mode">false</boolProp>
          <boolProp name="TestPlan.tearDown_on_shutdown">true</boolProp>
          <boolProp name="TestPlan.serialize_threadgroups">true</boolProp>
          <elementProp name="TestPlan.user_defined_variables" elementType="Arguments" guiclass="ArgumentsPanel" testclass="Arguments">
            <collectionProp name="Arguments.arguments"/>
          </elementProp>
        </TestPlan>
        <hashTree>
    """,
            plan.title(),
            operations,
            how)
        + group("SetupThreadGroup", "begin", "1", "0", "begin", "")
        + group("SetupThreadGroup", "warm up", "${__P(load.warm-threads,16)}", "0", "warm", "")
        + group(
            "ThreadGroup",
            "measure",
            "${__P(load.threads,16)}",
            "${__P(load.ramp,0)}",
            "measure",
            SAMPLES)
        + group("PostThreadGroup", "end", "1", "0", "end", "")
        + """
            </hashTree>
          </hashTree>
        </jmeterTestPlan>
        """;
  }

  private static String group(
      String kind, String name, String threads, String ramp, String step, String listener) {
    return String.format(
        Locale.ROOT,
        """
          <%1$s guiclass="%1$sGui" testclass="%1$s" testname="%2$s" enabled="true">
            <stringProp name="ThreadGroup.on_sample_error">continue</stringProp>
            <elementProp name="ThreadGroup.main_controller" elementType="LoopController" guiclass="LoopControlPanel" testclass="LoopController" enabled="true">
              <boolProp name="LoopController.continue_forever">false</boolProp>
              <intProp name="LoopController.loops">-1</intProp>
            </elementProp>
            <stringProp name="ThreadGroup.num_threads">%3$s</stringProp>
            <stringProp name="ThreadGroup.ramp_time">%4$s</stringProp>
            <boolProp name="ThreadGroup.scheduler">false</boolProp>
            <boolProp name="ThreadGroup.same_user_on_next_iteration">true</boolProp>
          </%1$s>
          <hashTree>
            <JavaSampler guiclass="JavaTestSamplerGui" testclass="JavaSampler" testname="%2$s" enabled="true">
              <stringProp name="classname">io.kailash.certification.load.LoadSampler</stringProp>
              <elementProp name="arguments" elementType="Arguments" guiclass="ArgumentsPanel" testclass="Arguments" enabled="true">
                <collectionProp name="Arguments.arguments">
                  <elementProp name="step" elementType="Argument">
                    <stringProp name="Argument.name">step</stringProp>
                    <stringProp name="Argument.value">%5$s</stringProp>
                    <stringProp name="Argument.metadata">=</stringProp>
                  </elementProp>
                  <elementProp name="folder" elementType="Argument">
                    <stringProp name="Argument.name">folder</stringProp>
                    <stringProp name="Argument.value">${__P(load.folder,target/certification/try/try)}</stringProp>
                    <stringProp name="Argument.metadata">=</stringProp>
                  </elementProp>
                </collectionProp>
              </elementProp>
            </JavaSampler>
            <hashTree/>
    %6$s      </hashTree>
    """,
        kind,
        name,
        threads,
        ramp,
        step,
        listener);
  }

  private static final String SAMPLES =
      """
                <ResultCollector guiclass="SimpleDataWriter" testclass="ResultCollector" testname="samples" enabled="true">
                  <boolProp name="ResultCollector.error_logging">false</boolProp>
                  <objProp>
                    <name>saveConfig</name>
                    <value class="SampleSaveConfiguration">
                      <time>true</time>
                      <latency>true</latency>
                      <timestamp>true</timestamp>
                      <success>true</success>
                      <label>true</label>
                      <code>true</code>
                      <message>false</message>
                      <threadName>false</threadName>
                      <dataType>false</dataType>
                      <encoding>false</encoding>
                      <assertions>false</assertions>
                      <subresults>false</subresults>
                      <responseData>false</responseData>
                      <samplerData>false</samplerData>
                      <xml>false</xml>
                      <fieldNames>true</fieldNames>
                      <responseHeaders>false</responseHeaders>
                      <requestHeaders>false</requestHeaders>
                      <responseDataOnError>false</responseDataOnError>
                      <saveAssertionResultsFailureMessage>false</saveAssertionResultsFailureMessage>
                      <assertionsResultsToSave>0</assertionsResultsToSave>
                      <bytes>true</bytes>
                      <sentBytes>true</sentBytes>
                      <threadCounts>true</threadCounts>
                      <connectTime>true</connectTime>
                    </value>
                  </objProp>
                  <stringProp name="filename">${__P(load.folder,target/certification/try/try)}/samples.jtl</stringProp>
                </ResultCollector>
                <hashTree/>
      """
          .indent(0);
}
