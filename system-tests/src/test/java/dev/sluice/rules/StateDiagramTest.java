package dev.sluice.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.document.JobStatus;
import dev.sluice.document.Transitions;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class StateDiagramTest {
  private static final Pattern ARROW = Pattern.compile("(?m)^ {4}(\\w+) --> (\\w+)$");
  private static final Pattern STATUS_ROW = Pattern.compile("(?m)^\\| (`[^|]*`) \\|");

  @Test
  void theDiagramDrawsExactlyTheMovesOfTheCode() {
    var drawn =
        ARROW
            .matcher(Repository.text("docs/state-machine.md"))
            .results()
            .map(arrow -> arrow.group(1) + " ▶ " + arrow.group(2))
            .toList();
    var coded =
        Arrays.stream(JobStatus.values())
            .flatMap(
                from ->
                    Transitions.from(from).stream()
                        .map(to -> from.wireName() + " ▶ " + to.wireName()))
            .toList();
    assertThat(drawn).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(coded);
  }

  @Test
  void theTableExplainsEveryStatus() {
    var explained =
        STATUS_ROW
            .matcher(Repository.text("docs/state-machine.md"))
            .results()
            .flatMap(row -> Arrays.stream(row.group(1).split(", ")))
            .map(name -> name.replace("`", ""))
            .collect(Collectors.toSet());
    assertThat(explained)
        .isEqualTo(
            Arrays.stream(JobStatus.values()).map(JobStatus::wireName).collect(Collectors.toSet()));
  }

  @Test
  void theDatabaseAllowsExactlyTheMovesOfTheCode() {
    var migration = Repository.text("common/src/main/resources/db/migration/V1__pipeline.sql");
    var insert =
        migration.substring(
            migration.indexOf("insert into legal_transitions"),
            migration.indexOf(";", migration.indexOf("insert into legal_transitions")));
    var allowed =
        Pattern.compile("\\('(\\w+)', '(\\w+)'\\)")
            .matcher(insert)
            .results()
            .map(pair -> pair.group(1) + " ▶ " + pair.group(2))
            .toList();
    var coded =
        Arrays.stream(JobStatus.values())
            .flatMap(
                from ->
                    Transitions.from(from).stream()
                        .map(to -> from.wireName() + " ▶ " + to.wireName()))
            .toList();
    assertThat(allowed).containsExactlyInAnyOrderElementsOf(coded);
  }
}
