package dev.sluice.simulator.llamaparse;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.sluice.simulator.document.ParsedPage;
import dev.sluice.simulator.http.Json;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Results: the pages, and one Markdown file of them all. */
final class ResultStore {
  /** Between the pages of the whole document's Markdown, which tells nobody their numbers. */
  private static final String SEPARATOR = "\n\n---\n\n";

  private final Path directory;

  ResultStore(Path stateDirectory) throws IOException {
    this.directory = Files.createDirectories(stateDirectory.resolve("results"));
  }

  /** Stores a result; a page that could not be read is missing from the whole document's text. */
  void put(String jobId, List<ParsedPage> pages) throws IOException {
    Json.MAPPER.writeValue(pagesFile(jobId).toFile(), pages);
    try (BufferedWriter out = Files.newBufferedWriter(markdownFile(jobId))) {
      write(pages, out);
    }
  }

  /** The Markdown of these pages, as {@link #put} stores it. */
  static String text(List<ParsedPage> pages) throws IOException {
    StringBuilder text = new StringBuilder();
    write(pages, text);
    return text.toString();
  }

  private static void write(List<ParsedPage> pages, Appendable out) throws IOException {
    String before = "";
    for (ParsedPage page : pages) {
      if (page.success()) {
        out.append(before).append(page.markdown());
        before = SEPARATOR;
      }
    }
    out.append("\n");
  }

  /** The pages, of which the one at this place could not be read. */
  static List<ParsedPage> without(List<ParsedPage> pages, int place) {
    List<ParsedPage> fewer = new ArrayList<>(pages);
    int number = pages.get(place).number();
    fewer.set(place, ParsedPage.failed(number, "The page could not be read."));
    return fewer;
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
