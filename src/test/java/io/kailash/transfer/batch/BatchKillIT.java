package io.kailash.transfer.batch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.kailash.classification.SmallShop;
import io.kailash.stack.Eventually;
import io.kailash.stack.ServiceProcess;
import java.net.URI;
import java.net.http.HttpRequest;
import java.sql.Connection;
import java.sql.ResultSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A batch whose instance is killed in the middle. */
class BatchKillIT {
  private static final int ITEMS = 60_000;

  private final BatchCalls calls = new BatchCalls();

  @Test
  void goesOnElsewhereAndHasEachLineOnce() throws Exception {
    String taxonomy = "kill-" + UUID.randomUUID().toString().substring(0, 8);
    SmallShop shop = SmallShop.withLabels(calls.service, taxonomy, 12);
    assertThat(shop.train(true).path("status").asText()).isEqualTo("succeeded");
    boolean mainKilled = false;
    try (ServiceProcess other = calls.service.startAnother("-Dkailash.batch.job-chunk=500")) {
      String id =
          calls
              .lines(
                  "?taxonomy=" + taxonomy + "&as=job&alternatives=1", BatchCalls.items(ITEMS, 50))
              .json()
              .path("job")
              .asText();
      Eventually.until("some of it to be done", () -> written(id) > 0);
      String runner = runner(id);
      mainKilled = runner.equals("process " + calls.service.service().pid());
      ServiceProcess victim = mainKilled ? calls.service.service() : other;
      assertThat(runner).isEqualTo("process " + victim.pid());
      URI survivor = mainKilled ? other.baseUri() : calls.service.baseUri();
      victim.kill();
      long atKill = written(id);
      assertThat(atKill).as("bytes when it was killed").isPositive();
      JsonNode job = calls.awaitJob(survivor, id);
      assertThat(job.path("status").asText()).as(job.toString()).isEqualTo("succeeded");
      assertThat(job.path("attempts").asInt()).as("runs").isEqualTo(2);
      assertThat(job.path("done").asInt()).isEqualTo(ITEMS);
      List<JsonNode> answers =
          BatchCalls.read(
              calls
                  .service
                  .send(
                      HttpRequest.newBuilder(
                              URI.create(survivor + job.path("result").path("results").asText()))
                          .header("Authorization", "Bearer " + calls.service.adminKey()))
                  .body());
      assertThat(answers).hasSize(ITEMS);
      Set<String> ids = new HashSet<>();
      for (int i = 0; i < ITEMS; i++) {
        assertThat(answers.get(i).path("ref").asText()).isEqualTo("r" + i);
        ids.add(answers.get(i).path("classification").path("id").asText());
      }
      assertThat(ids).hasSize(ITEMS);
      assertThat(decisions(taxonomy)).as("decisions kept, no more and no less").isEqualTo(ITEMS);
    } finally {
      if (mainKilled) {
        calls.service.restart();
      }
    }
  }

  private long number(String sql) throws Exception {
    try (Connection connection = calls.service.connection();
        ResultSet row = connection.createStatement().executeQuery(sql)) {
      return row.next() ? row.getLong(1) : 0;
    }
  }

  private long written(String id) throws Exception {
    return number(
        "select bytes from job_file where name = 'results.ndjson' and job_id = '" + id + "'");
  }

  private long decisions(String taxonomy) throws Exception {
    return number(
        "select count(*) from decision d join taxonomy t on t.id = d.taxonomy_id where t.code = '"
            + taxonomy
            + "'");
  }

  private String runner(String id) throws Exception {
    try (Connection connection = calls.service.connection();
        ResultSet row =
            connection
                .createStatement()
                .executeQuery(
                    "select picked_by from scheduled_tasks where task_instance like '"
                        + id
                        + "/%'")) {
      assertThat(row.next()).as("the job still runs").isTrue();
      return row.getString(1);
    }
  }
}
