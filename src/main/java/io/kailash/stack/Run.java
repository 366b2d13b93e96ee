package io.kailash.stack;

import java.io.PrintStream;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * {@code mvn -Prun}: the stores and the service in the foreground, until they are interrupted.
 *
 * <p>Exit code 0 is never seen: it ends by a signal, or with 1 after one line that says why.
 */
public final class Run {

  private static final long STOP_LIMIT_SECONDS = 180;
  private static final long WATCH_MILLIS = 1000;

  private final PrintStream out;
  private final long began = System.nanoTime();
  private volatile boolean interrupted;
  private final CountDownLatch finished = new CountDownLatch(1);

  private Run(PrintStream out) {
    this.out = out;
  }

  /** Runs until the process is interrupted or something fails. */
  public static void main(String[] arguments) {
    new Run(System.out).untilInterrupted();
  }

  private void untilInterrupted() {
    Thread main = Thread.currentThread();
    // The hook only asks and waits: all stopping is done by the thread that started everything.
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  interrupted = true;
                  main.interrupt();
                  awaitFinished();
                },
                "stop-the-stack"));
    boolean failed = false;
    try {
      run();
    } catch (StackFailure e) {
      failed = true;
      say("cannot go on: " + e.getMessage());
    } catch (InterruptedException e) {
      say("stopped");
    } finally {
      finished.countDown();
    }
    if (interrupted) {
      // The JVM ends as soon as its hooks are done; Maven has nothing to add.
      awaitEnd();
    }
    if (failed) {
      System.exit(1);
    }
  }

  private void run() throws InterruptedException {
    StackSettings settings = StackSettings.ofProcess();
    say("data in " + settings.data());
    try (EmbeddedStack stack = EmbeddedStack.start(settings, this::say);
        ServiceProcess service = ServiceProcess.start(stack)) {
      if (settings.starter()) {
        new FirstAnswer(service.baseUri(), stack.administratorKey())
            .await(settings.startLimit(), this::say);
      }
      announce(stack, service);
      watch(stack, service);
    }
  }

  private void announce(EmbeddedStack stack, ServiceProcess service) {
    String key = stack.administratorKey();
    out.println();
    out.println("  console  " + service.baseUri() + "/#key=" + key);
    out.println("  API key  " + key);
    out.println("  logs     " + stack.logs());
    out.println("  try      curl -s " + service.baseUri() + "/api/v1/classify \\");
    out.println("             -H 'Authorization: Bearer " + key + "' \\");
    out.println("             -H 'Content-Type: application/json' \\");
    out.println("             -d '" + FirstAnswer.SAMPLE + "'");
    out.println("  stop     Ctrl-C");
    out.println();
    out.flush();
  }

  private void watch(EmbeddedStack stack, ServiceProcess service) throws InterruptedException {
    Set<String> told = new HashSet<>();
    while (service.isAlive()) {
      Thread.sleep(WATCH_MILLIS);
      for (String ended : stack.endedUnexpectedly()) {
        if (service.isAlive() && told.add(ended)) {
          say("ended unexpectedly, the service goes on without it: " + ended);
        }
      }
    }
    throw new StackFailure("the service ended unexpectedly. " + service.lastLines());
  }

  private void say(String line) {
    out.println(String.format(Locale.ROOT, "[%6.1f s] %s", ServerProcess.seconds(began), line));
    out.flush();
  }

  private static void awaitEnd() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void awaitFinished() {
    try {
      if (!finished.await(STOP_LIMIT_SECONDS, TimeUnit.SECONDS)) {
        say("not everything could be stopped in time; the next start will end what is left");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
