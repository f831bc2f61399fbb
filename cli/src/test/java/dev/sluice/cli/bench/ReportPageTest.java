package dev.sluice.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportPageTest {
  @TempDir Path folder;
  private Path page = Path.of("");

  @BeforeEach
  void page() {
    page = folder.resolve("docs").resolve("reliability.md");
  }

  @Test
  void beginsAPageThatIsNotThere() throws IOException {
    ReportPage.write(page, "Load", "## Load\n\nfirst\n");
    assertThat(Files.readString(page))
        .startsWith("# What survives what\n")
        .endsWith("\n<!-- begin: Load -->\n## Load\n\nfirst\n<!-- end: Load -->\n");
  }

  @Test
  void replacesItsOwnSectionOnly() throws IOException {
    Files.createDirectories(folder.resolve("docs"));
    String others =
        "# Head\n\n"
            + "<!-- begin: parse -->\n"
            + "matrix\n"
            + "<!-- end: parse -->\n"
            + "%s\n"
            + "<!-- begin: x -->\n"
            + "y\n"
            + "<!-- end: x -->\n";
    Files.writeString(page, others.formatted("\n<!-- begin: Load -->\nold\n<!-- end: Load -->\n"));
    ReportPage.write(page, "Load", "new\n");
    assertThat(Files.readString(page))
        .isEqualTo(others.formatted("\n<!-- begin: Load -->\nnew\n<!-- end: Load -->\n"));
  }

  @Test
  void addsItsSectionBehindThoseOfOthers() throws IOException {
    Files.createDirectories(folder.resolve("docs"));
    Files.writeString(page, "# Head\n");
    ReportPage.write(page, "Load", "new\n");
    assertThat(Files.readString(page))
        .isEqualTo("# Head\n\n<!-- begin: Load -->\nnew\n<!-- end: Load -->\n");
  }
}
