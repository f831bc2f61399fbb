package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HelpTest {
  private static final Pattern COMMAND = Pattern.compile("\\./sluice ([a-z]+)");

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "demo",
        "up",
        "down",
        "ingest",
        "status",
        "search",
        "logs",
        "retry",
        "cancel",
        "rollback",
        "delete",
        "redrive",
        "budget",
        "index",
        "faults",
        "reset",
        "migrate",
        "token",
        "bench",
        "test"
      })
  void teachesEachCommandByExamples(String command) {
    Bench bench = new Bench(folder);
    assertThat(bench.run(command, "--help")).isZero();
    assertThat(bench.out())
        .contains("Usage: ./sluice " + command)
        .contains("Examples:", "./sluice " + command);
  }

  @ParameterizedTest
  @ValueSource(strings = {"show", "set", "clear", "log", "limits"})
  void teachesWhatCanBeDoneWithFaultsByExamples(String command) {
    Bench bench = new Bench(folder);
    assertThat(bench.run("faults", command, "--help")).isZero();
    assertThat(bench.out())
        .contains("Usage: ./sluice faults " + command)
        .contains("Examples:", "  ./sluice faults " + command);
  }

  @Test
  void theDocumentsNameOnlyCommandsThatThereAre() throws IOException {
    var root = Path.of("").toAbsolutePath().getParent();
    var named = new TreeSet<String>();
    try (var pages = Files.find(root, 3, (file, unused) -> isPage(root.relativize(file)))) {
      for (var page : pages.toList()) {
        COMMAND
            .matcher(Files.readString(page))
            .results()
            .forEach(found -> named.add(found.group(1)));
      }
    }
    assertThat(named).contains("demo", "redrive");
    for (var command : named) {
      Bench bench = new Bench(folder);
      bench.run(command, "--help");
      assertThat(bench.out()).contains("Usage: ./sluice " + command);
    }
  }

  private static boolean isPage(Path file) {
    return file.toString().endsWith(".md") && (file.getNameCount() == 1 || file.startsWith("docs"));
  }

  @Test
  void beginsWithTheDemo() {
    Bench bench = new Bench(folder);
    assertThat(bench.run("--help")).isZero();
    assertThat(bench.out()).contains("./sluice demo").contains("Exit codes").contains("logs");
  }

  @Test
  void namesItsVersion() {
    Bench bench = new Bench(folder);
    assertThat(bench.run("--version")).isZero();
    assertThat(bench.out()).startsWith("Sluice ");
  }

  @Test
  void wantsACommand() {
    Bench bench = new Bench(folder);
    assertThat(bench.run()).isEqualTo(2);
    assertThat(bench.err()).contains("sluice: name a command").contains("Try: ./sluice --help");
  }

  @Test
  void suggestsWhatMayHaveBeenMeant() {
    Bench bench = new Bench(folder);
    assertThat(bench.run("serach", "x")).isEqualTo(2);
    assertThat(bench.err()).contains("search");
  }

  @Test
  void leavesTestsToTheLauncher() {
    Bench bench = new Bench(folder);
    assertThat(bench.run("test", "--fast")).isEqualTo(2);
    assertThat(bench.err()).contains("tests run through the launcher: ./sluice test");
  }
}
