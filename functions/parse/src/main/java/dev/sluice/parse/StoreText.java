package dev.sluice.parse;

import dev.sluice.document.JobStatus;
import dev.sluice.document.PipelineStage;
import dev.sluice.message.MessageSender;
import dev.sluice.message.ParseMessage;
import dev.sluice.message.ValidateMessage;
import dev.sluice.postgres.Emissions;
import dev.sluice.postgres.Transactions;
import dev.sluice.stage.Outcome;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;

/** The end of the stage: the text lies in storage, the job moves on, and the next stage hears. */
@Singleton
final class StoreText {
  private final Transactions transactions;
  private final MessageSender sender;
  private final Emissions emissions;

  StoreText(Transactions transactions, MessageSender sender, Emissions emissions) {
    this.transactions = transactions;
    this.sender = sender;
    this.emissions = emissions;
  }

  /** What belongs into the same transaction. */
  @FunctionalInterface
  interface Beside {
    Beside NOTHING = connection -> {};

    void run(Connection connection) throws SQLException;
  }

  /**
   * Commits that the text is stored, then sends it on.
   *
   * @throws dev.sluice.postgres.WriteRefused if the job is no longer this invocation's
   */
  Outcome store(ParseWork work, ParsedText text, Beside beside) {
    transactions.fenced(
        work.job().job(),
        connection -> {
          ParseJobs.storeText(connection, work, text);
          beside.run(connection);
          return text;
        });
    announce(work.message());
    return new Outcome.Advanced();
  }

  /** Tells the validate stage; harmless when it was told before. */
  void announce(ParseMessage message) {
    sender.send(
        PipelineStage.VALIDATE,
        new ValidateMessage(message.job(), message.retryCount(), message.correlationId()));
    emissions.sent(message.job(), message.retryCount(), JobStatus.PARSED);
  }
}
