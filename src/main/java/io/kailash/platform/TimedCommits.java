package io.kailash.platform;

import io.agroal.api.transaction.TransactionAware;
import io.agroal.api.transaction.TransactionIntegration;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Consumer;
import javax.transaction.xa.XAResource;

/**
 * Hands connections to the server's transactions, as the integration behind it does, and measures
 * how long each commit in PostgreSQL takes. The pool asks back for the very object that it handed
 * out, so that is what it gets; only the transaction sees the one that measures.
 */
final class TimedCommits implements TransactionIntegration {
  private final TransactionIntegration real;
  private volatile Consumer<Duration> measured = took -> {};

  TimedCommits(TransactionIntegration real) {
    this.real = real;
  }

  void tell(Consumer<Duration> listener) {
    measured = listener;
  }

  @Override
  public TransactionAware getTransactionAware() throws SQLException {
    TransactionAware known = real.getTransactionAware();
    return known instanceof Timed timed ? timed.connection : known;
  }

  @Override
  public void associate(TransactionAware connection, XAResource resource) throws SQLException {
    real.associate(new Timed(connection), resource);
  }

  @Override
  public boolean disassociate(TransactionAware connection) throws SQLException {
    return real.disassociate(connection);
  }

  @Override
  public void addResourceRecoveryFactory(ResourceRecoveryFactory factory) {
    real.addResourceRecoveryFactory(factory);
  }

  @Override
  public void removeResourceRecoveryFactory(ResourceRecoveryFactory factory) {
    real.removeResourceRecoveryFactory(factory);
  }

  private final class Timed implements TransactionAware {
    private final TransactionAware connection;

    Timed(TransactionAware connection) {
      this.connection = connection;
    }

    @Override
    public void transactionCommit() throws SQLException {
      long began = System.nanoTime();
      try {
        connection.transactionCommit();
      } finally {
        measured.accept(Duration.ofNanos(System.nanoTime() - began));
      }
    }

    @Override
    public void transactionStart() throws SQLException {
      connection.transactionStart();
    }

    @Override
    public void transactionBeforeCompletion(boolean successful) {
      connection.transactionBeforeCompletion(successful);
    }

    @Override
    public void transactionRollback() throws SQLException {
      connection.transactionRollback();
    }

    @Override
    public void transactionEnd() throws SQLException {
      connection.transactionEnd();
    }

    @Override
    public void transactionCheckCallback(SQLCallable<Boolean> callback) {
      connection.transactionCheckCallback(callback);
    }

    @Override
    public Object getConnection() {
      return connection.getConnection();
    }

    @Override
    public void setFlushOnly() {
      connection.setFlushOnly();
    }
  }
}
