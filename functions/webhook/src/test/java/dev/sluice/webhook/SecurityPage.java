package dev.sluice.webhook;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The parts of {@code docs/security.md} that tests write. */
final class SecurityPage {
  /** Maven runs a module's tests in its folder. */
  private static final Path PAGE = Path.of("../../docs/security.md");

  private SecurityPage() {}

  /** Replaces a part, if it differs, and says whether it did. */
  static boolean replace(String part, String text) throws IOException {
    var page = Files.readString(PAGE);
    var begin = "<!-- begin: " + part + " -->\n";
    int from = page.indexOf(begin) + begin.length();
    int to = page.indexOf("<!-- end: " + part + " -->");
    var whole = page.substring(0, from) + text + page.substring(to);
    if (whole.equals(page)) {
      return false;
    }
    Files.writeString(PAGE, whole);
    return true;
  }

  /** A table for each kind of attack. */
  static String attacks(Map<Attack, Integer> answers) {
    var text = new StringBuilder();
    text.append(answers.size()).append(" attacks; none changed a row, a message or an object.\n");
    var kind = "";
    for (var attack : answers.keySet()) {
      if (!attack.kind().equals(kind)) {
        kind = attack.kind();
        text.append("\n| %s | Answer | Reason in the log |\n|---|---|---|\n".formatted(kind));
      }
      text.append(
          "| %s | %d | `%s` |\n".formatted(attack.name(), answers.get(attack), attack.reason()));
    }
    return text.toString();
  }
}
