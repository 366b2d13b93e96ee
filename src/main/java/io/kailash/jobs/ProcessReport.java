package io.kailash.jobs;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * What a process that was started by {@link OwnProcess} tells its starter: one line each, on its
 * standard output. Ends the process when the starter is gone.
 */
public final class ProcessReport {
  /** Exit code of work that cannot be done; the last line says why. */
  static final int REFUSED = 10;

  static final int FAILED = 11;
  static final String PROGRESS = "at ";
  static final String REFUSAL = "refused ";
  static final String ALIVE = "alive";
  private static final int ORPHANED = 12;
  private static final long BETWEEN_SIGNS_MILLIS = 500;

  private final PrintStream starter;

  private ProcessReport(PrintStream starter) {
    this.starter = starter;
  }

  /** The work. */
  public interface Work {
    /**
     * Does it.
     *
     * @throws JobFailedException where it cannot be done and a repetition would not help
     */
    void run(ProcessReport report) throws Exception;
  }

  /** Does the work and ends the process; to be called by its {@code main} and nothing else. */
  public static void run(Work work) {
    ProcessReport report = new ProcessReport(System.out);
    // What a library prints must not look like a report.
    System.setOut(System.err);
    daemon(ProcessReport::endWithTheStarter, "starter-watch");
    daemon(report::tellOfLife, "sign-of-life");
    int code = 0;
    try {
      work.run(report);
    } catch (JobFailedException refused) {
      report.line(REFUSAL + refused.getMessage().replace('\n', ' '));
      code = REFUSED;
    } catch (Exception failure) {
      failure.printStackTrace(new PrintStream(System.err, true, StandardCharsets.UTF_8));
      code = FAILED;
    }
    System.exit(code);
  }

  private static void daemon(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  /** The starter holds the other end of the standard input as long as it lives. */
  private static void endWithTheStarter() {
    try {
      while (System.in.read() >= 0) {
        // Nothing is sent.
      }
    } catch (IOException gone) {
      System.err.println("the starter is gone: " + gone);
    }
    Runtime.getRuntime().halt(ORPHANED);
  }

  private void tellOfLife() {
    try {
      while (true) {
        Thread.sleep(BETWEEN_SIGNS_MILLIS);
        line(ALIVE);
      }
    } catch (InterruptedException ending) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Tells how far the work is.
   *
   * @param fractionDone from 0 to 1
   */
  public void at(String phase, double fractionDone) {
    line(String.format(Locale.ROOT, "%s%.4f %s", PROGRESS, fractionDone, phase));
  }

  private synchronized void line(String text) {
    byte[] bytes = (text + "\n").getBytes(StandardCharsets.UTF_8);
    starter.write(bytes, 0, bytes.length);
    starter.flush();
  }
}
