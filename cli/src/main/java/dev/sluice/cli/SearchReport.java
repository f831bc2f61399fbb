package dev.sluice.cli;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.sluice.cli.api.Answer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A search as {@code --json} prints it. */
record SearchReport(String query, @Nullable String mode, List<Answer.Passage> results) {

  static SearchReport of(String query, Answer answer) {
    return new SearchReport(query, answer.mode(), answer.results());
  }

  @JsonIgnore
  Answer answer() {
    return new Answer(mode, results);
  }
}
