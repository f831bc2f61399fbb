package dev.sluice.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whoever reads the documents finds what they point to. */
class LinksTest {
  private static final Pattern LINK =
      Pattern.compile("\\]\\((?!https?:)([^)#\\s]*)(?:#([^)]*))?\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");

  @Test
  void everyLinkLeadsSomewhere() throws IOException {
    var broken = new ArrayList<String>();
    for (var page : pages()) {
      LINK.matcher(Files.readString(page))
          .results()
          .forEach(
              link -> {
                var target =
                    link.group(1).isEmpty() ? page : page.resolveSibling(link.group(1)).normalize();
                if (!Files.exists(target) || !hasHeading(target, link.group(2))) {
                  broken.add(Repository.ROOT.relativize(page) + ": " + link.group());
                }
              });
    }
    assertThat(broken).isEmpty();
  }

  private static Iterable<Path> pages() throws IOException {
    try (var root = Files.list(Repository.ROOT);
        var docs = Files.walk(Repository.ROOT.resolve("docs"))) {
      return Stream.concat(root, docs).filter(file -> file.toString().endsWith(".md")).toList();
    }
  }

  private static boolean hasHeading(Path page, String anchor) {
    return anchor == null
        || HEADING
            .matcher(Repository.text(Repository.ROOT.relativize(page).toString()))
            .results()
            .anyMatch(heading -> anchor(heading.group(1)).equals(anchor));
  }

  /** As GitHub makes them. */
  private static String anchor(String heading) {
    return heading.toLowerCase(Locale.ROOT).replaceAll("[^\\w\\- ]", "").replace(' ', '-');
  }
}
