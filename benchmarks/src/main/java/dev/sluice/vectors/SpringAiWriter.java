package dev.sluice.vectors;

import dev.sluice.bench.BenchDatabase;
import dev.sluice.document.EmbeddingModel;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.springframework.ai.document.Document;
import org.springframework.ai.vectorstore.pgvector.PgVectorStore;
import org.springframework.jdbc.core.JdbcTemplate;

/** Spring AI's store with pooled sessions, in the table that its documentation has. */
final class SpringAiWriter implements Writer {
  private static final String TABLE = "spring_ai";

  /** As the store would make it, but for a default of the key, which needs an extension. */
  private static final String DEFINITION =
      """
      create table spring_ai (
        id uuid primary key,
        content text,
        metadata json,
        embedding vector(1536))
      """;

  private final BenchDatabase database;
  private final PgVectorStore store;
  private final List<Document> documents;

  SpringAiWriter(BenchDatabase database, DataSource sessions, List<Sample> samples)
      throws SQLException {
    this.database = database;
    database.run(List.of(DEFINITION));
    documents = samples.stream().map(SpringAiWriter::document).toList();
    Map<String, float[]> vectors =
        samples.stream()
            .collect(Collectors.toMap(sample -> sample.chunkId().toString(), Sample::vector));
    store =
        PgVectorStore.builder(new JdbcTemplate(sessions), new PreparedModel(vectors))
            .vectorTableName(TABLE)
            .dimensions(EmbeddingModel.DEFAULT.dimensions())
            .indexType(PgVectorStore.PgIndexType.NONE)
            .build();
    store.afterPropertiesSet();
  }

  private static Document document(Sample sample) {
    return new Document(
        sample.chunkId().toString(), sample.embedSha(), Map.of("sha", sample.vectorSha()));
  }

  @Override
  public String name() {
    return TABLE;
  }

  @Override
  public Work prepare(int rowsACommit) throws SQLException {
    database.run(List.of("truncate " + TABLE));
    return () -> {
      for (int from = 0; from < documents.size(); from += rowsACommit) {
        store.add(documents.subList(from, Math.min(from + rowsACommit, documents.size())));
      }
    };
  }
}
