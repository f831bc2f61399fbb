package dev.sluice.chunk;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import dev.langchain4j.data.document.Document;
import dev.langchain4j.data.document.DocumentSplitter;
import dev.langchain4j.data.document.splitter.DocumentSplitters;
import dev.langchain4j.model.openai.OpenAiTokenCountEstimator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.springframework.ai.transformer.splitter.TokenTextSplitter;

/** The same text and token target (512, overlap 64 where there is one) for each. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 2, jvmArgs = "-Xmx2g")
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 4, time = 2)
public class SplitterBenchmark {
  private static final int CHARS = 1_000_000;
  private static final int TARGET = 512;
  private static final int OVERLAP = 64;

  private final String text = SampleText.ofChars(CHARS);
  private final MarkdownChunker chunker = new MarkdownChunker(new ChunkPlan(TARGET, OVERLAP));
  private final Encoding cl100k =
      Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.CL100K_BASE);
  private final DocumentSplitter langChain4j =
      DocumentSplitters.recursive(
          TARGET, OVERLAP, new OpenAiTokenCountEstimator("text-embedding-3-small"));

  /** Its default limit on the number of chunks would leave most of the text out. */
  private final TokenTextSplitter springAi =
      TokenTextSplitter.builder().withChunkSize(TARGET).withMaxNumChunks(Integer.MAX_VALUE).build();

  /** A splitter that gives up early would look fast. */
  @Setup
  public void checkThatAllSplit() {
    int least = cl100k.countTokensOrdinary(text) / TARGET;
    for (List<?> chunks : List.of(sluice(), langChain4j(), springAi())) {
      if (chunks.size() < least) {
        throw new IllegalStateException(chunks.size() + " chunks do not hold the text");
      }
    }
  }

  @Benchmark
  public List<?> sluice() {
    return chunker.chunk(text);
  }

  @Benchmark
  public List<?> langChain4j() {
    return langChain4j.split(Document.from(text));
  }

  @Benchmark
  public List<?> springAi() {
    return springAi.split(new org.springframework.ai.document.Document(text));
  }

  @Benchmark
  public int jtokkit() {
    return cl100k.countTokensOrdinary(text);
  }
}
