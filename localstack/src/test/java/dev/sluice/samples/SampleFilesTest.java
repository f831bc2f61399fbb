package dev.sluice.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SampleFilesTest {
  private static final Path SAMPLES = Path.of("samples");

  @Test
  void theCommittedPolicyIsWhatTheGeneratorMakes(@TempDir Path fresh) throws IOException {
    SampleFiles.main(new String[] {fresh.toString()});

    assertThat(SAMPLES.resolve("insurance-policy.pdf"))
        .as("run dev.sluice.samples.SampleFiles after a change of the wording")
        .hasSameBinaryContentAs(fresh.resolve("insurance-policy.pdf"));
  }

  @Test
  void theSamplesAreSmall() throws IOException {
    try (Stream<Path> files = Files.list(SAMPLES)) {
      assertThat(files.mapToLong(file -> file.toFile().length()).sum()).isLessThan(300_000);
    }
  }

  @Test
  void theLargeDocumentHasTwentyFiveMegabytes() {
    assertThat(SampleDocuments.large().length).isBetween(25_000_000, 28_000_000);
  }
}
