package dev.sluice.localstack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The parts of {@code docs/security.md} that tests write. */
public final class SecurityPage {
  private SecurityPage() {}

  /**
   * Replaces a part, if it differs, and says whether it did: then it is to be read and committed.
   */
  public static boolean replace(String part, String text) throws IOException {
    var file = page();
    var page = Files.readString(file);
    var begin = "<!-- begin: " + part + " -->\n";
    int from = page.indexOf(begin) + begin.length();
    int to = page.indexOf("<!-- end: " + part + " -->");
    var whole = page.substring(0, from) + text + page.substring(to);
    if (whole.equals(page)) {
      return false;
    }
    Files.writeString(file, whole);
    return true;
  }

  /** Maven runs a module's tests in its folder. */
  private static Path page() {
    var folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("template.yaml"))) {
      folder = folder.getParent();
    }
    return folder.resolve("docs/security.md");
  }
}
