package io.kailash.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;

class ServiceProcessIT {

  private final RunningService service = RunningService.get();

  @Test
  void administratorsKeyOpensTheService() {
    assertThat(service.get("/api/v1/clients").status()).isEqualTo(200);
  }

  @Test
  void secondInstanceAnswersOnTheSameStores() throws Exception {
    try (ServiceProcess another = service.startAnother()) {
      assertThat(another.baseUri()).isNotEqualTo(service.baseUri());
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(another.baseUri() + "/api/v1/clients"))
              .header("Authorization", "Bearer " + service.adminKey())
              .build();
      assertThat(HttpClient.newHttpClient().send(request, BodyHandlers.discarding()).statusCode())
          .isEqualTo(200);
      another.kill();
      assertThat(another.isAlive()).isFalse();
    }
    assertThat(service.get("/api/v1/clients").status()).isEqualTo(200);
  }

  @Test
  void serviceComesBackAfterACrash() throws Exception {
    long before = service.service().pid();

    service.crashAndRestart();

    assertThat(service.service().pid()).isNotEqualTo(before);
    assertThat(service.get("/api/v1/clients").status()).isEqualTo(200);
  }
}
