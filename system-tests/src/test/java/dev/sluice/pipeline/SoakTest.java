package dev.sluice.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.api.Pause;
import dev.sluice.cli.bench.BenchSite;
import dev.sluice.cli.bench.Corpus;
import dev.sluice.cli.bench.FaultKind;
import dev.sluice.cli.bench.Soak;
import dev.sluice.cli.bench.SoakSettings;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A soak of seconds: the run itself works, and what it pushes through comes out whole. */
@Tag("crash")
class SoakTest {
  @TempDir Path folder;

  @Test
  void completesEveryDocumentWhileFaultsComeAndGo() throws Exception {
    var page = folder.resolve("page.md");
    var words = new StringWriter();
    var soak =
        new Soak(
            new BenchSite(
                Clouds.ROOT,
                System.getenv(),
                // Kept between runs: the functions' class archives.
                Path.of("target", "soak").toAbsolutePath(),
                InstantSource.system(),
                Pause.REAL,
                new PrintWriter(words)));

    var outcome =
        soak.run(
            new SoakSettings(
                6,
                Corpus.Sizes.SMALL,
                1,
                List.of(2),
                Duration.ofMinutes(6),
                // A killed function's message is hidden for minutes: `./sluice bench soak` waits.
                EnumSet.of(FaultKind.BREAK, FaultKind.TERMINATE),
                Duration.ofSeconds(5),
                false,
                page));

    assertThat(outcome.good()).as(() -> words + "\n" + outcome.text()).isTrue();
    assertThat(Files.readString(page))
        .contains(outcome.text())
        .contains("| Complete | 6 of 6 |", "| Rows doubled, rows missing | 0, 0 |");
    assertThat(words.toString()).contains("6 of 6 complete").containsPattern("\\d faults?");
    assertThat(ProcessHandle.current().descendants())
        .as("processes that outlive the run")
        .noneMatch(process -> process.info().commandLine().orElse("").contains("target/soak"));
  }
}
