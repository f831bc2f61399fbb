package dev.sluice.localstack.fault;

import java.io.IOException;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL's protocol, version 3, without TLS: a step is a session's start or a transaction,
 * whose boundaries are those of its COMMIT.
 */
final class PostgresConversation implements Conversation {
  private static final int CANCEL = 80_877_102;
  private static final int TLS = 80_877_103;
  private static final int GSS = 80_877_104;

  private final Steps steps;
  private final PostgresFrames client = new PostgresFrames(false);
  private final PostgresFrames server = new PostgresFrames(true);
  private final Map<String, String> statements = new HashMap<>();
  private final Map<String, String> portals = new HashMap<>();
  private @Nullable StatementNames transaction;

  /** The server's answer to TLS and GSS is one byte without a length. */
  private volatile boolean oneByteAnswer;

  private volatile @Nullable Boundary session;
  private volatile @Nullable Boundary committing;

  PostgresConversation(Steps steps) {
    this.steps = steps;
  }

  @Override
  public void fromClient(byte[] bytes, int length, OutputStream out) throws IOException {
    client.add(bytes, length);
    for (var frame = client.next(); frame != null; frame = client.next()) {
      if (frame.type() == 0) {
        start(frame);
      } else {
        look(frame, out);
      }
      client.pass();
    }
    client.flush(out);
  }

  private void start(PostgresFrames.Frame frame) throws IOException {
    int code = frame.integer(0);
    oneByteAnswer = code == TLS || code == GSS;
    if (!oneByteAnswer && code != CANCEL) {
      client.typed();
      session = steps.begin("postgres session");
    }
  }

  private void look(PostgresFrames.Frame frame, OutputStream out) throws IOException {
    switch (frame.type()) {
      case 'P' -> statements.put(frame.text(0), frame.text(1));
      case 'B' -> portals.put(frame.text(0), statements.getOrDefault(frame.text(1), ""));
      case 'E' -> executes(portals.getOrDefault(frame.text(0), ""), out);
      case 'Q' -> executes(frame.text(0), out);
      default -> {}
    }
  }

  private void executes(String sql, OutputStream out) throws IOException {
    StatementNames open = transaction;
    if (StatementNames.isBegin(sql)) {
      transaction = new StatementNames();
    } else if (open != null && StatementNames.isCommit(sql)) {
      transaction = null;
      client.flush(out);
      committing = steps.begin(open.toString());
    } else if (StatementNames.isRollback(sql)) {
      transaction = null;
    } else if (open != null) {
      open.add(sql);
    }
  }

  @Override
  public void fromServer(byte[] bytes, int length, OutputStream out) throws IOException {
    if (oneByteAnswer) {
      oneByteAnswer = false;
      out.write(bytes, 0, length);
      return;
    }
    server.add(bytes, length);
    for (var frame = server.next(); frame != null; frame = server.next()) {
      answer(frame, out);
      server.pass();
    }
    server.flush(out);
  }

  private void answer(PostgresFrames.Frame frame, OutputStream out) throws IOException {
    Boundary commit = committing;
    Boundary begun = session;
    if (frame.type() == 'C' && commit != null) {
      committing = null;
      server.flush(out);
      steps.end(commit);
    } else if (frame.type() == 'Z' && begun != null) {
      session = null;
      server.flush(out);
      steps.end(begun);
    }
  }
}
