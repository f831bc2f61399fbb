package dev.sluice.chunk;

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

/** Whether time grows with the text and no faster. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgs = "-Xmx2g")
@Warmup(iterations = 5)
@Measurement(iterations = 5)
public class GrowthBenchmark {
  private final MarkdownChunker chunker = new MarkdownChunker(ChunkPlan.DEFAULT);

  @Param({"1", "10", "100"})
  public int megabytes;

  private String text = "";

  @Setup
  public void text() {
    text = SampleText.ofChars(megabytes * 1_000_000);
    // Small texts would otherwise be measured before the compiler has seen enough.
    for (int warm = 0; warm < 20; warm++) {
      chunker.chunk(text.substring(0, 1_000_000));
    }
  }

  @Benchmark
  public void chunk(Blackhole chunks) {
    chunker.chunk(new StringReader(text), chunks::consume);
  }
}
