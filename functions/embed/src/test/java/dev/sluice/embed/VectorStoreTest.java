package dev.sluice.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.document.DocumentIds;
import dev.sluice.document.Hashes;
import dev.sluice.document.JobRef;
import dev.sluice.embedding.EmbeddingPurchase.Bought;
import dev.sluice.fixture.FunctionContext;
import dev.sluice.fixture.Seed;
import dev.sluice.fixture.TestDatabase;
import dev.sluice.localstack.TestServers;
import dev.sluice.message.EmbedMessage;
import dev.sluice.postgres.ProviderCalls.Settlement;
import dev.sluice.postgres.StatementFailed;
import io.micronaut.context.ApplicationContext;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Vectors that go through the database as the bits that they are. */
@Tag("servers")
class VectorStoreTest {
  private static final int DIMENSIONS = 1536;

  private static TestDatabase database;
  private static ApplicationContext context;
  private static VectorStore vectors;
  private static Seed seed;

  private final Random random = new Random(7);
  private final UUID lease = UUID.randomUUID();
  private final JobRef job = JobRef.of(UUID.randomUUID(), UUID.randomUUID(), 1);

  @BeforeAll
  static void start() {
    database = TestServers.database();
    context =
        FunctionContext.start(
            database,
            TestServers.environment(
                "embed", database.password(), Map.of("OPENAI_URL", "http://127.0.0.1:1")));
    vectors = context.getBean(VectorStore.class);
    seed = new Seed(database);
  }

  @AfterAll
  static void stop() {
    context.close();
    database.close();
  }

  @Test
  void keepsEveryBitOfEveryVector() {
    var message = batch(List.of("a", "b", "c"));
    var extremes = vector();
    extremes[0] = -0.0f;
    extremes[1] = Float.MIN_VALUE;
    extremes[2] = -Float.MAX_VALUE;
    extremes[3] = Math.nextUp(1.0f);
    var bought = List.of(vector(), extremes, vector());

    store(message, bought);

    assertThat(stored()).isEqualTo(rows(bought, List.of(0, 1, 2)));
  }

  @Test
  void givesChunksThatShareATextTheSameVectorAlsoFromOneStatementToTheNext() {
    var texts =
        new ArrayList<>(
            IntStream.range(0, VectorStore.ROWS_A_STATEMENT).mapToObj(i -> "text " + i).toList());
    texts.addAll(List.of("text 1", "last", "text 0", "last"));
    var message = batch(texts);
    var bought = new ArrayList<float[]>();
    IntStream.rangeClosed(0, VectorStore.ROWS_A_STATEMENT).forEach(i -> bought.add(vector()));

    store(message, bought);

    var ofChunks =
        new ArrayList<>(IntStream.range(0, VectorStore.ROWS_A_STATEMENT).boxed().toList());
    int last = VectorStore.ROWS_A_STATEMENT;
    ofChunks.addAll(List.of(1, last, 0, last));
    assertThat(stored()).isEqualTo(rows(bought, ofChunks));
  }

  @Test
  void storesNoneOfABatchWithAVectorThatTheDatabaseRefuses() {
    var message = batch(List.of("a", "b"));
    var broken = vector();
    broken[DIMENSIONS - 1] = Float.NaN;

    assertThatThrownBy(() -> store(message, List.of(vector(), broken)))
        .isInstanceOf(StatementFailed.class)
        .rootCause()
        .hasMessageContaining("NaN not allowed in vector");

    assertThat(stored()).isEqualTo("null");
  }

  private EmbedMessage batch(List<String> texts) {
    seed.job(job, "embedding_in_progress", texts.size());
    var batch = seed.batch(job, 0, 0, texts);
    database.ask(
        """
        update embedding_batches
        set lease_token = ?, leased_until = clock_timestamp() + interval '1 minute'
        where batch_id = ?
        """,
        lease,
        batch);
    return new EmbedMessage(job, DocumentIds.batch(job.jobId(), 0), 0, 0, "c-1");
  }

  private void store(EmbedMessage message, List<float[]> bought) {
    vectors.store(
        message,
        lease,
        vectors.chunks(message),
        new Bought(UUID.randomUUID(), bought, Settlement.free("ok")));
  }

  private float[] vector() {
    var vector = new float[DIMENSIONS];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = random.nextFloat() - 0.5f;
    }
    return vector;
  }

  /** As the database has it: ordinal, the vector's big-endian components, its hash. */
  private static String rows(List<float[]> bought, List<Integer> ofChunks) {
    var rows = new ArrayList<String>();
    for (int ordinal = 0; ordinal < ofChunks.size(); ordinal++) {
      var vector = bought.get(ofChunks.get(ordinal));
      var bits = ByteBuffer.allocate(vector.length * Float.BYTES);
      bits.asFloatBuffer().put(vector);
      rows.add(
          ordinal + " " + HexFormat.of().formatHex(bits.array()) + " " + Hashes.ofVector(vector));
    }
    return String.join("\n", rows);
  }

  private String stored() {
    return String.valueOf(
        database.ask(
            """
            select string_agg(concat_ws(' ', c.chunk_ord,
                     encode(substring(vector_send(v.vector) from 5), 'hex'), v.vector_sha), E'\\n'
                   order by c.chunk_ord)
            from document_vector_buffer v
            join document_chunk_buffer c using (chunk_id, generation, embed_sha, batch_id)
            where v.document_id = ?
            """,
            job.documentId()));
  }
}
