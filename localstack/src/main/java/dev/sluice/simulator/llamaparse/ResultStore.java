package dev.sluice.simulator.llamaparse;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.sluice.simulator.document.ParsedPage;
import dev.sluice.simulator.http.Json;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Results: the pages, and one Markdown file of them all. */
final class ResultStore {
  private final Path directory;

  ResultStore(Path stateDirectory) throws IOException {
    this.directory = Files.createDirectories(stateDirectory.resolve("results"));
  }

  /**
   * Stores a result. In the Markdown of the whole document each page follows a mark on a line of
   * its own, {@code <!-- page 3 -->}; a page that could not be read has its mark alone.
   */
  void put(String jobId, List<ParsedPage> pages) throws IOException {
    Json.MAPPER.writeValue(pagesFile(jobId).toFile(), pages);
    try (BufferedWriter out = Files.newBufferedWriter(markdownFile(jobId))) {
      for (ParsedPage page : pages) {
        out.write("<!-- page " + page.number() + " -->\n\n");
        if (!page.markdown().isEmpty()) {
          out.write(page.markdown());
          out.write("\n\n");
        }
      }
    }
  }

  /** Deletes the results that no job refers to any more. */
  void keepOnly(Set<String> jobIds) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        String id = file.getFileName().toString().replaceFirst("\\.(md|json)$", "");
        if (!jobIds.contains(id)) {
          Files.delete(file);
        }
      }
    }
  }

  Path markdownFile(String jobId) {
    return directory.resolve(jobId + ".md");
  }

  List<ParsedPage> pages(String jobId) throws IOException {
    return Json.MAPPER.readValue(
        pagesFile(jobId).toFile(), new TypeReference<List<ParsedPage>>() {});
  }

  private Path pagesFile(String jobId) {
    return directory.resolve(jobId + ".json");
  }
}
