package io.kailash.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.kailash.stack.RunningService;
import io.kailash.stack.ServiceProcess;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class FirstStartIT {
  private final RunningService service = RunningService.get();

  @Test
  void twoInstancesThatStartTogetherOnAnEmptyDatabaseMakeOneAdministratorAndOneSchema()
      throws Exception {
    String url = service.addresses().postgres().jdbcUrl();
    String empty = url + (url.contains("?") ? "&" : "?") + "currentSchema=together";
    try (Connection connection = service.connection();
        Statement statement = connection.createStatement()) {
      statement.execute("create schema together");
    }
    ExecutorService both = Executors.newFixedThreadPool(2);
    try {
      String option = "-Dkailash.postgres.url=" + empty;
      Future<ServiceProcess> first = both.submit(() -> service.startAnother(option));
      Future<ServiceProcess> second = both.submit(() -> service.startAnother(option));
      try (ServiceProcess one = first.get();
          ServiceProcess other = second.get()) {
        assertThat(clients(one)).isEqualTo(200);
        assertThat(clients(other)).isEqualTo(200);
        try (Connection connection = service.connection();
            Statement statement = connection.createStatement();
            ResultSet count = statement.executeQuery("select count(*) from together.api_client")) {
          count.next();
          assertThat(count.getInt(1)).isEqualTo(1);
        }
      }
    } finally {
      both.shutdownNow();
    }
  }

  private int clients(ServiceProcess instance) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(instance.baseUri() + "/api/v1/clients"))
                .header("Authorization", "Bearer " + service.adminKey())
                .build(),
            BodyHandlers.discarding())
        .statusCode();
  }
}
