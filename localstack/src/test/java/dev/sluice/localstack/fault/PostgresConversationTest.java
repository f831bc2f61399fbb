package dev.sluice.localstack.fault;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class PostgresConversationTest {
  private static final byte[] TLS = untyped(80_877_103, "");
  private static final byte[] START = untyped(196_608, "user\0sluice_chunk\0\0");

  private final ByteArrayOutputStream server = new ByteArrayOutputStream();
  private final ByteArrayOutputStream client = new ByteArrayOutputStream();
  private final ByteArrayOutputStream asked = new ByteArrayOutputStream();

  @Test
  void aTransactionsStepIsItsCommitAndIsNamedByWhatItWrites() throws IOException {
    var steps = new ToldSteps();
    var postgres = started(steps);
    ask(postgres, message('P', "S_1\0BEGIN\0\0\0"), message('B', "\0S_1\0"), message('E', "\0"));
    ask(
        postgres,
        message('P', "\0select set_config('app.user_id', $1, true)\0\0\0"),
        message('B', "\0\0"),
        message('E', "\0"));
    ask(
        postgres,
        message('P', "\0update upload_jobs\n set lease_token = $1, x = 1 where job_id = $2\0\0\0"),
        message('B', "\0\0"),
        message('E', "\0"));
    answer(postgres, message('C', "UPDATE 1\0"), message('Z', "T"));
    ask(postgres, message('P', "S_2\0COMMIT\0\0\0"), message('B', "\0S_2\0"), message('E', "\0"));
    answer(postgres, message('C', "COMMIT\0"), message('Z', "I"));
    // The second time both are prepared.
    ask(postgres, message('B', "\0S_1\0"), message('E', "\0"));
    ask(postgres, message('Q', "insert into job_events values (1) returning status = 'x'\0"));
    answer(postgres, message('C', "INSERT 0 1\0"), message('Z', "T"));
    ask(postgres, message('B', "\0S_2\0"), message('E', "\0"));
    answer(postgres, message('C', "COMMIT\0"), message('Z', "I"));

    assertThat(steps.told)
        .containsExactly(
            "before postgres session",
            "after postgres session",
            "before commit: claim upload_jobs",
            "after commit: claim upload_jobs",
            "before commit: insert job_events",
            "after commit: insert job_events");
    assertThat(server.toByteArray()).isEqualTo(asked.toByteArray());
  }

  @Test
  void aRolledBackTransactionIsNoStep() throws IOException {
    var steps = new ToldSteps();
    var postgres = started(steps);
    ask(postgres, message('Q', "begin\0"), message('Q', "rollback\0"), message('Q', "select 1\0"));
    assertThat(steps.told).hasSize(2);
  }

  @Test
  void aCommitThatIsBrokenBeforehandNeverReachesTheServer() throws IOException {
    var steps = new ToldSteps("before commit: update documents");
    var postgres = started(steps);
    ask(postgres, message('Q', "begin\0"), message('Q', "update documents set x = 1\0"));
    assertThatThrownBy(() -> ask(postgres, message('Q', "commit\0")))
        .hasMessage("before commit: update documents");
    assertThat(server.toString(UTF_8)).contains("update documents").doesNotContain("commit");
  }

  @Test
  void aCommitThatIsBrokenAfterwardsHoldsAndItsAnswerNeverReachesTheClient() throws IOException {
    var steps = new ToldSteps("after commit: update documents");
    var postgres = started(steps);
    ask(postgres, message('Q', "begin\0"), message('Q', "update documents set x = 1\0"));
    ask(postgres, message('Q', "commit\0"));
    assertThatThrownBy(() -> answer(postgres, message('C', "COMMIT\0"), message('Z', "I")))
        .hasMessageContaining("after");
    assertThat(server.toString(UTF_8)).contains("commit");
    assertThat(client.toString(UTF_8)).doesNotContain("COMMIT");
  }

  @Test
  void messagesMayArriveInAnyPieces() throws IOException {
    var steps = new ToldSteps();
    var postgres = started(steps);
    byte[] all = message('Q', "begin\0");
    for (byte one : all) {
      postgres.fromClient(new byte[] {one}, 1, server);
    }
    assertThat(server.toString(UTF_8)).endsWith("begin\0");
  }

  @Test
  void rowLocksAndWhatReadsAreToldFromUpdates() {
    var names = new StatementNames();
    names.add("select 1 from documents where x = ? for no key update");
    names.add("select count(*) from embedding_batches for update of b skip locked");
    assertThat(names).hasToString("commit: read embedding_batches");
    names.add(
        "with due as (select 1 from upload_jobs for update skip locked) update upload_jobs j set"
            + " status = 'failed_parse' from due");
    assertThat(names).hasToString("commit: update upload_jobs to failed_parse");
  }

  private Conversation started(ToldSteps steps) throws IOException {
    var postgres = new PostgresConversation(steps);
    ask(postgres, TLS);
    postgres.fromServer(new byte[] {'N'}, 1, client);
    ask(postgres, START);
    answer(postgres, message('R', "\0\0\0\0"), message('Z', "I"));
    return postgres;
  }

  private void ask(Conversation postgres, byte[]... messages) throws IOException {
    var all = new ByteArrayOutputStream();
    for (byte[] message : messages) {
      all.writeBytes(message);
    }
    asked.writeBytes(all.toByteArray());
    postgres.fromClient(all.toByteArray(), all.size(), server);
  }

  private void answer(Conversation postgres, byte[]... messages) throws IOException {
    for (byte[] message : messages) {
      postgres.fromServer(message, message.length, client);
    }
  }

  private static byte[] message(char type, String body) {
    byte[] bytes = body.getBytes(UTF_8);
    return ByteBuffer.allocate(5 + bytes.length)
        .put((byte) type)
        .putInt(4 + bytes.length)
        .put(bytes)
        .array();
  }

  private static byte[] untyped(int code, String body) {
    byte[] bytes = body.getBytes(UTF_8);
    return ByteBuffer.allocate(8 + bytes.length)
        .putInt(8 + bytes.length)
        .putInt(code)
        .put(bytes)
        .array();
  }
}
