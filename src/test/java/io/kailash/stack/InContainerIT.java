package io.kailash.stack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.io.File;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import javax.sql.DataSource;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@OnTheStack
@ExtendWith(ArquillianExtension.class)
class InContainerIT {

  @Inject DataSource dataSource;
  @Inject EntityManager entities;

  @Deployment
  static WebArchive warWithThisTest() {
    return ShrinkWrap.createFromZipFile(WebArchive.class, new File("target/kailash.war"))
        .addClass(InContainerIT.class);
  }

  @Test
  void beansOfTheWarReachTheStoresOfTheStack() throws Exception {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = 'kailash'")) {
      assertTrue(rows.next());
      // Its own pool and that of the service that runs beside it.
      assertTrue(rows.getInt(1) >= 20, "connections: " + rows.getInt(1));
    }
  }

  @Test
  void entityManagerIsTheContainersOwn() {
    assertEquals(1, entities.createNativeQuery("SELECT 1", Integer.class).getSingleResult());
  }
}
