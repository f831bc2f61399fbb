package dev.sluice.simulator.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Keeps docs/faults.md true to the code. */
final class FaultsPageTest {
  private static final Path PAGE = Path.of("..", "docs", "faults.md");

  @Test
  void namesEveryFaultAndWhatItHappensTo() throws IOException {
    List<String> faults =
        Arrays.stream(FaultKind.values())
            .map(kind -> "| `" + kind.wireName() + "` | " + operations(kind) + " |")
            .toList();

    assertThat(rows("## The faults")).containsExactlyElementsOf(faults);
  }

  private static String operations(FaultKind kind) {
    return kind.operations().stream()
        .sorted(Comparator.comparingInt(Operation::ordinal))
        .map(operation -> "`" + operation.wireName() + "`")
        .collect(Collectors.joining(", "));
  }

  @Test
  void namesEveryFieldOfARule() throws IOException {
    assertThat(RuleReader.FIELDS)
        .filteredOn(field -> !List.of("provider", "operation", "fault").contains(field))
        .containsExactlyElementsOf(
            rows("## A plan").stream().map(row -> row.split("`", -1)[1]).toList());
  }

  /** The first two cells of each row of the tables under a heading. */
  private static List<String> rows(String heading) throws IOException {
    String page = Files.readString(PAGE);
    String after = page.substring(page.indexOf(heading) + heading.length());
    String section = after.substring(0, after.indexOf("\n## "));
    return section
        .lines()
        .filter(line -> line.startsWith("| `"))
        .map(line -> line.replaceFirst("^(\\|[^|]*\\|[^|]*\\|).*", "$1"))
        .toList();
  }
}
