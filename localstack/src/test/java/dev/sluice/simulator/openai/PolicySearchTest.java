package dev.sluice.simulator.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.samples.SampleDocuments;
import dev.sluice.simulator.document.ParsedPage;
import dev.sluice.simulator.parser.DocumentParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Questions to the policy find the passage that answers them, among all and a checklist. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PolicySearchTest {
  private final Embedder embedder = new Embedder(1536, new Tokens());
  private List<Passage> passages = List.of();

  private record Passage(String text, float[] vector) {}

  @BeforeAll
  void cutThePolicyIntoPassages(@TempDir Path directory) throws Exception {
    Path file = Files.write(directory.resolve("p.pdf"), SampleDocuments.insurancePolicy());
    String policy =
        DocumentParser.parse(file, "p.pdf", () -> false).stream()
            .map(ParsedPage::markdown)
            .collect(Collectors.joining("\n\n"));
    String checklist = Files.readString(Path.of("samples", "winter-checklist.md"));
    passages =
        Stream.concat(Stream.of(policy.split("\n\n(?=#)")), Stream.of(checklist))
            .filter(text -> text.contains("\n\n"))
            .map(text -> new Passage(text, embedder.embed(text, 1536)))
            .toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Is damage from a burst water pipe covered?        | 2.4 Escape of water
          What is the excess for escape of water?           | 2.4 Escape of water
          How long may my home be unoccupied on a holiday?  | Unoccupied
          bicycle locked away from home                     | 3.3 Away from home
          Do you pay for marten bites to cables?            | 6.1 Partial cover
          battery of an electric car charging cable         | 6.2 Full cover
          Who decides if the two experts disagree?          | 8.3 Experts
          How do I cancel or withdraw from the policy?      | 10.2 Cancellation
          Where can I complain, is there an arbiter?        | 11 Complaints
          Is war or nuclear contamination excluded?         | 9 Exclusions
          What happens to my no-claims bonus class?         | 7 No-claims bonus
          subsidence of terraces and fences                 | 2.5 Subsidence
          liability of tenants to the landlord              | 4.2 Tenants
          """)
  void findsThePassageThatAnswers(String question, String heading) {
    float[] query = embedder.embed(question, 1536);
    Passage best =
        passages.stream()
            .max(Comparator.comparingDouble(passage -> EmbedderTest.dot(query, passage.vector())))
            .orElseThrow();

    assertThat(best.text().lines().findFirst()).get().asString().contains(heading);
  }
}
