package dev.sluice.chunk;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import java.io.StringReader;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Texts that nobody writes but somebody uploads, beside jtokkit's counting of the same. Each is
 * unlike any other, so that the compiler has to see it a few times.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgs = "-Xmx4g")
@Warmup(iterations = 8)
@Measurement(iterations = 5)
public class HostileBenchmark {
  private final MarkdownChunker chunker = new MarkdownChunker(ChunkPlan.DEFAULT);
  private final Encoding cl100k =
      Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.CL100K_BASE);

  @Param public HostileText of = HostileText.LINE;

  private String text = "";

  @Setup
  public void text() {
    text = of.text();
    String warm = SampleText.ofChars(1_000_000);
    for (int round = 0; round < 8; round++) {
      chunker.chunk(warm);
      cl100k.countTokensOrdinary(warm);
    }
  }

  @Benchmark
  public void sluice(Blackhole chunks) {
    chunker.chunk(new StringReader(text), chunks::consume);
  }

  @Benchmark
  public int jtokkit() {
    return cl100k.countTokensOrdinary(text);
  }
}
