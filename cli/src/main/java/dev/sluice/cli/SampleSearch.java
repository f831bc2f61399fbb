package dev.sluice.cli;

import dev.sluice.cli.api.Answer.Passage;
import dev.sluice.cli.api.Question;
import dev.sluice.cli.api.SluiceApi;
import dev.sluice.cli.ingest.DocumentOutcome;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The question that a demo ends with. */
final class SampleSearch {
  /** Answered by the shipped policy. */
  private static final String FOR_THE_SAMPLES = "Is damage from a burst water pipe covered?";

  private static final int PASSAGES = 3;

  private final SluiceApi api;

  SampleSearch(SluiceApi api) {
    this.api = api;
  }

  /** Null when no document is complete, so that there is nothing to search. */
  @Nullable SearchReport after(List<DocumentOutcome> outcomes, boolean own) {
    Optional<DocumentOutcome> first =
        outcomes.stream().filter(DocumentOutcome::isComplete).findFirst();
    if (first.isEmpty()) {
      return null;
    }
    if (!own) {
      return ask(FOR_THE_SAMPLES, null);
    }
    String document = String.valueOf(first.get().documentId());
    return ask(firstWords(document, title(first.get().file())), document);
  }

  private SearchReport ask(String query, @Nullable String document) {
    return SearchReport.of(query, api.search(new Question(query, PASSAGES, document)));
  }

  // What someone's own document is about is not known here, so it is asked for its first heading.
  private String firstWords(String document, String title) {
    return api.search(new Question(title, 50, document)).results().stream()
        .filter(passage -> passage.headingPath() != null && !passage.headingPath().isEmpty())
        .min(Comparator.comparingInt(SampleSearch::page))
        .map(passage -> String.join(" ", passage.headingPath()))
        .orElse(title);
  }

  private static int page(Passage passage) {
    return passage.page() == null ? 0 : passage.page();
  }

  private static String title(String file) {
    String name = Path.of(file).toAbsolutePath().normalize().getFileName().toString();
    String words = name.replaceFirst("\\.[^.]*$", "").replaceAll("[-_.]+", " ").strip();
    return words.isEmpty() ? name : words;
  }
}
