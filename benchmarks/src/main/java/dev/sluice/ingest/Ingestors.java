package dev.sluice.ingest;

import com.zaxxer.hikari.HikariDataSource;
import dev.langchain4j.data.document.Document;
import dev.langchain4j.data.document.DocumentSplitter;
import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.document.splitter.DocumentSplitters;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.openai.OpenAiEmbeddingModel;
import dev.langchain4j.model.openai.OpenAiTokenCountEstimator;
import dev.langchain4j.store.embedding.EmbeddingStoreIngestor;
import dev.langchain4j.store.embedding.pgvector.PgVectorEmbeddingStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The ingestor as its documentation has it, with the pipeline's token target, model and texts a
 * request. It is spared what it would wait for: sessions come from a pool, vectors come in base64.
 */
final class Ingestors implements AutoCloseable {
  private static final String MODEL = "text-embedding-3-small";
  private static final int DIMENSIONS = 1_536;
  private static final int TARGET = 512;
  private static final int OVERLAP = 64;

  /** More would be refused for a large document: it has more tokens than a request may. */
  private static final int TEXTS_A_REQUEST = 256;

  private static final int MOST_SESSIONS = 32;

  private final EmbeddingModel model;
  private final DocumentSplitter splitter =
      DocumentSplitters.recursive(TARGET, OVERLAP, new OpenAiTokenCountEstimator(MODEL));
  private final HikariDataSource database = new HikariDataSource();

  Ingestors(String provider, String key, String jdbc, String user, String password) {
    model =
        OpenAiEmbeddingModel.builder()
            .baseUrl(provider)
            .apiKey(key)
            .modelName(MODEL)
            .encodingFormat("base64")
            .maxSegmentsPerBatch(TEXTS_A_REQUEST)
            .build();
    database.setJdbcUrl(jdbc);
    database.setUsername(user);
    database.setPassword(password);
    database.setMaximumPoolSize(MOST_SESSIONS);
    database.setMinimumIdle(1);
  }

  /** Ingests a folder's files by name into a new table. */
  Round run(String table, int threads, Path folder)
      throws IOException, InterruptedException, ExecutionException {
    List<Document> documents = read(folder);
    Stopwatch splitting = new Stopwatch();
    Stopwatch embedding = new Stopwatch();
    Stopwatch storing = new Stopwatch();
    AtomicInteger segments = new AtomicInteger();
    EmbeddingStoreIngestor ingestor =
        EmbeddingStoreIngestor.builder()
            .documentSplitter(document -> splitting.time(() -> splitter.split(document)))
            .embeddingModel(new TimedModel(model, embedding))
            .embeddingStore(new TimedStore(store(table), storing, segments))
            .build();
    long began = System.nanoTime();
    ingest(ingestor, documents, threads);
    return new Round(
        (System.nanoTime() - began) / 1e9,
        segments.get(),
        splitting.seconds(),
        embedding.seconds(),
        storing.seconds());
  }

  private static void ingest(EmbeddingStoreIngestor ingestor, List<Document> documents, int threads)
      throws InterruptedException, ExecutionException {
    try (ExecutorService workers = Executors.newFixedThreadPool(threads)) {
      List<Future<?>> all = new ArrayList<>();
      documents.forEach(document -> all.add(workers.submit(() -> ingestor.ingest(document))));
      for (Future<?> one : all) {
        one.get();
      }
    }
  }

  private PgVectorEmbeddingStore store(String table) {
    return PgVectorEmbeddingStore.datasourceBuilder()
        .datasource(database)
        .table(table)
        .dimension(DIMENSIONS)
        .dropTableFirst(true)
        .build();
  }

  private static List<Document> read(Path folder) throws IOException {
    List<Document> documents = new ArrayList<>();
    try (var files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        documents.add(
            Document.from(
                Files.readString(file), Metadata.from("file", file.getFileName().toString())));
      }
    }
    return documents;
  }

  @Override
  public void close() {
    database.close();
  }
}
