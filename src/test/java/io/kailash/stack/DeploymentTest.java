package io.kailash.stack;

import static io.kailash.stack.ServiceProcess.Deployment;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DeploymentTest {

  private static final String DEPLOYED =
      "INFO [javax.enterprise.system.core] kailash was successfully deployed in 9,108 milliseconds.\n";
  private static final String FAILED =
      "SEVERE [javax.enterprise.system.core] Exception while loading the app\n";
  private static final String READY =
      "INFO [PayaraMicro] Payara Micro 6.2025.10 (build 42) ready in 48,098 (ms)\n";

  @Test
  void isUnderWayUntilTheServerHasStarted() {
    assertThat(Deployment.of("")).isEqualTo(Deployment.UNDER_WAY);
    assertThat(Deployment.of(DEPLOYED)).isEqualTo(Deployment.UNDER_WAY);
  }

  @Test
  void isDoneWhenTheServerHasStartedWithTheApplication() {
    assertThat(Deployment.of(DEPLOYED + READY)).isEqualTo(Deployment.DONE);
  }

  @Test
  void hasFailedWhenTheServerHasStartedWithoutTheApplication() {
    assertThat(Deployment.of(READY)).isEqualTo(Deployment.FAILED);
  }

  @Test
  void hasFailedWhenTheApplicationsContextDidNotStartAlthoughItWasDeployed() {
    assertThat(Deployment.of(DEPLOYED + FAILED + READY)).isEqualTo(Deployment.FAILED);
  }
}
