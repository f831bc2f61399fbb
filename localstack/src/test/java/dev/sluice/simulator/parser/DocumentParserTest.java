package dev.sluice.simulator.parser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.samples.SampleDocuments;
import dev.sluice.simulator.document.Unparseable;
import dev.sluice.simulator.document.Unparseable.Reason;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DocumentParserTest {
  @TempDir private Path directory;

  @Test
  void writesHtmlAsMarkdown() throws Exception {
    String html =
        """
        <!doctype html><html><head><title>T</title><style>p{}</style></head><body>
        <nav>Menu</nav><h1>Tariff &amp; terms</h1>
        <p>The <strong>excess</strong> is
           150&nbsp;euros<br>a claim, see <a href="/x">the <em>terms</em></a>.</p>
        <ul><li>fire<ul><li>smoke</li></ul></li><li>hail</li></ul>
        <ol><li>Call</li><li>Write</li></ol>
        <table><tr><th>What</th><th>Limit</th></tr><tr><td>A|B</td><td>5</td></tr></table>
        <blockquote><p>As agreed.</p></blockquote><pre>x = 1
        y = 2</pre><hr><div>Loose <span>text</span></div><script>no()</script></body></html>
        """;

    assertThat(parse(html.getBytes(StandardCharsets.UTF_8), "page"))
        .isEqualTo(
            """
            # Tariff & terms

            The **excess** is 150 euros a claim, see the *terms*.

            - fire
               - smoke
            - hail

            1. Call
            2. Write

            | What | Limit |
            | --- | --- |
            | A\\|B | 5 |

            > As agreed.

            ```
            x = 1
            y = 2
            ```

            ---

            Loose text""");
  }

  @Test
  void leavesMarkdownAsItIs() throws Exception {
    assertThat(parse("# A\r\n\r\n* b\r\n".getBytes(StandardCharsets.UTF_8), "a.md"))
        .isEqualTo("# A\n\n* b");
  }

  @Test
  void readsTextInTheEncodingsThatOccur() throws Exception {
    String text = "Prämie: 5 €";

    assertThat(parse(text.getBytes(StandardCharsets.UTF_8), "a")).isEqualTo(text);
    assertThat(parse(("\ufeff" + text).getBytes(StandardCharsets.UTF_8), "a.txt")).isEqualTo(text);
    assertThat(parse(("\ufeff" + text).getBytes(StandardCharsets.UTF_16LE), "a.txt"))
        .isEqualTo(text);
    assertThat(parse(text.getBytes(Charset.forName("windows-1252")), "a.txt")).isEqualTo(text);
  }

  @Test
  void findsAPdfByItsBytesWhateverItsName() throws Exception {
    assertThat(parse(SampleDocuments.twoColumns(), "download")).contains("River 1 runs");
  }

  @Test
  void saysThatAFileIsEmpty() {
    assertRejected(SampleDocuments.empty(), "a.pdf", Reason.EMPTY_FILE);
    assertRejected("  \n".getBytes(StandardCharsets.UTF_8), "a.txt", Reason.NO_DATA_FOUND_IN_FILE);
  }

  @Test
  void saysThatANameDoesNotMakeAPdf() {
    assertRejected(new byte[] {1, 2, 3}, "a.pdf", Reason.PDF_IS_BROKEN);
  }

  @Test
  void saysThatBinaryFilesAreNotSupported() {
    assertRejected(new byte[] {'P', 'K', 3, 4, 0, 0}, "a.docx", Reason.UNSUPPORTED_FILE_TYPE);
    assertRejected(new byte[] {(byte) 0xff, (byte) 0xd8, 1}, "a", Reason.UNSUPPORTED_FILE_TYPE);
  }

  private void assertRejected(byte[] bytes, String name, Reason reason) {
    assertThatThrownBy(() -> parse(bytes, name))
        .isInstanceOfSatisfying(Unparseable.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  private String parse(byte[] bytes, String name) throws Unparseable, IOException {
    Path file = Files.write(directory.resolve("document"), bytes);
    return DocumentParser.parse(file, name, () -> false).getFirst().markdown();
  }
}
