package io.kailash.jobs;

import io.kailash.stack.RunningService;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * How many jobs a minute go through the queue, with nothing to do in them: submitted one by one
 * from some threads, run by one or two instances, on the embedded PostgreSQL with its durable
 * commits. Arguments: jobs, instances, submitting threads.
 */
final class JobRate {
  private JobRate() {}

  private record Nothing(String name, int atOnce) implements JobKind {
    @Override
    public Object run(JobRun run) {
      return null;
    }
  }

  public static void main(String[] arguments) throws Exception {
    int jobs = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 20_000;
    int instances = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1;
    int submitters = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 4;
    var postgres = RunningService.get().addresses().postgres();
    try (JobTables tables =
        new JobTables(postgres.jdbcUrl(), postgres.user(), postgres.password(), "job_rate")) {
      measure("warming", tables, jobs / 4, instances, submitters, Integer.MAX_VALUE);
      measure("no limit", tables, jobs, instances, submitters, Integer.MAX_VALUE);
      measure("at most 4 at once", tables, jobs / 2, instances, submitters, 4);
    }
    System.exit(0);
  }

  private static void measure(
      String what, JobTables tables, int jobs, int instances, int submitters, int atOnce)
      throws InterruptedException {
    List<Instance> running =
        java.util.stream.IntStream.range(0, instances)
            .mapToObj(
                i ->
                    new Instance(tables.dataSource(), 8, List.of(new Nothing("nothing", atOnce)))
                        .begin())
            .toList();
    ExecutorService threads = Executors.newFixedThreadPool(submitters);
    long began = System.nanoTime();
    for (int i = 0; i < submitters; i++) {
      int part = i;
      threads.execute(
          () -> {
            for (int n = part; n < jobs; n += submitters) {
              Instance to = running.get(n % instances);
              to.jobs.submit("nothing", to.jobs.newId().toString(), Map.of(), "measurement");
            }
          });
    }
    threads.shutdown();
    threads.awaitTermination(10, TimeUnit.MINUTES);
    double submitted = (System.nanoTime() - began) / 1e9;
    while (running.stream().mapToLong(Instance::ended).sum() < jobs) {
      Thread.sleep(10);
    }
    double ended = (System.nanoTime() - began) / 1e9;
    System.out.printf(
        Locale.ROOT,
        "%s: %d jobs on %d instance(s): submitted in %.2f s, all done after %.2f s: %.0f a"
            + " minute%n",
        what,
        jobs,
        instances,
        submitted,
        ended,
        jobs / ended * 60);
    running.forEach(Instance::close);
  }
}
