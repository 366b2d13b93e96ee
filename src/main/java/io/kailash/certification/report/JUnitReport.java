package io.kailash.certification.report;

import io.kailash.certification.judgement.Assessment;
import io.kailash.certification.judgement.Assessment.CriterionResult;
import io.kailash.certification.judgement.Assessment.GateResult;
import io.kailash.certification.judgement.Finding;
import io.kailash.certification.judgement.Verdict;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * An assessment for a build server. A criterion that failed is a failure; one that was not shown is
 * an error, because what is skipped looks green.
 */
public final class JUnitReport {
  private JUnitReport() {}

  /** Writes it. */
  public static void write(Assessment assessment, Path file) throws IOException {
    try (Writer out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
      XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(out);
      xml.writeStartDocument("UTF-8", "1.0");
      xml.writeStartElement("testsuites");
      for (GateResult gate : assessment.gates()) {
        gate(gate, assessment, xml);
      }
      xml.writeEndElement();
      xml.writeEndDocument();
      xml.close();
    } catch (XMLStreamException e) {
      throw new IOException(e);
    }
  }

  private static void gate(GateResult gate, Assessment assessment, XMLStreamWriter xml)
      throws XMLStreamException {
    long cases = 0;
    long failures = 0;
    long errors = 0;
    for (CriterionResult criterion : gate.criteria()) {
      cases += Math.max(1, criterion.findings().size());
      errors += criterion.findings().isEmpty() ? 1 : 0;
      for (Finding finding : criterion.findings()) {
        Verdict.Word word = finding.verdict().word();
        failures += word == Verdict.Word.FAIL ? 1 : 0;
        errors += word != Verdict.Word.FAIL && word != Verdict.Word.PASS ? 1 : 0;
      }
    }
    boolean nothing = gate.criteria().isEmpty();
    xml.writeStartElement("testsuite");
    xml.writeAttribute("name", "gate " + gate.gate() + " " + gate.name());
    xml.writeAttribute("tests", String.valueOf(nothing ? 1 : cases));
    xml.writeAttribute("failures", String.valueOf(failures));
    xml.writeAttribute("errors", String.valueOf(nothing ? 1 : errors));
    xml.writeAttribute("timestamp", assessment.at().toString());
    if (nothing) {
      error(xml, "gate-" + gate.gate(), "criteria", "NOT_RUN", "the gate has no criteria");
    }
    for (CriterionResult criterion : gate.criteria()) {
      String className = "gate-" + gate.gate() + "." + criterion.criterion().id();
      if (criterion.findings().isEmpty()) {
        error(xml, className, "figures", "NOT_RUN", "nothing was judged");
      }
      for (Finding finding : criterion.findings()) {
        finding(finding, className, xml);
      }
    }
    xml.writeEndElement();
  }

  private static void error(
      XMLStreamWriter xml, String className, String name, String type, String message)
      throws XMLStreamException {
    start(xml, className, name);
    problem(xml, "error", type, message);
    xml.writeEndElement();
  }

  private static void finding(Finding finding, String className, XMLStreamWriter xml)
      throws XMLStreamException {
    start(xml, className, finding.criterion().id());
    Verdict.Word word = finding.verdict().word();
    String target =
        finding.criterion().target().direction().name().toLowerCase(Locale.ROOT).replace('_', ' ')
            + " "
            + Figures.say(
                finding.criterion().target().value(), finding.criterion().target().unit());
    String actual =
        finding
            .verdict()
            .figures()
            .map(m -> ", actual " + Figures.say(m.actual(), finding.criterion().target().unit()))
            .orElse("");
    if (word != Verdict.Word.PASS) {
      problem(
          xml,
          word == Verdict.Word.FAIL ? "failure" : "error",
          word.name(),
          finding.verdict().reason() + " (" + target + actual + ")");
    }
    xml.writeEndElement();
  }

  private static void start(XMLStreamWriter xml, String className, String name)
      throws XMLStreamException {
    xml.writeStartElement("testcase");
    xml.writeAttribute("classname", className);
    xml.writeAttribute("name", name);
    xml.writeAttribute("time", "0");
  }

  private static void problem(XMLStreamWriter xml, String element, String type, String message)
      throws XMLStreamException {
    xml.writeStartElement(element);
    xml.writeAttribute("type", type);
    xml.writeAttribute("message", message);
    xml.writeEndElement();
  }
}
