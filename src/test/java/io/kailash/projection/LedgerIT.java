package io.kailash.projection;

import static org.assertj.core.api.Assertions.assertThat;

import io.kailash.stack.RunningService;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LedgerIT {
  private final RunningService service = RunningService.get();

  @Test
  void rowsAreReadInTheOrderOfTransactionsAsNumbers() throws SQLException {
    try (Connection connection = service.connection()) {
      // Never committed, so no relay sees these rows.
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        statement.execute(
            "insert into outbox (transaction_id, kind, key, version)"
                + " values ('10', 'order', 'second', 1), ('9', 'order', 'first', 1)");
      }
      List<String> keys = new ArrayList<>();
      try (PreparedStatement select = connection.prepareStatement(Ledger.AFTER)) {
        select.setString(1, Ledger.Place.START.transaction());
        select.setLong(2, Ledger.Place.START.position());
        select.setInt(3, 2);
        try (ResultSet row = select.executeQuery()) {
          while (row.next()) {
            keys.add(row.getString("key"));
          }
        }
      }
      connection.rollback();
      assertThat(keys).containsExactly("first", "second");
    }
  }
}
