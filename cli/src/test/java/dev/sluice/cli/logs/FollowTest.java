package dev.sluice.cli.logs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.terminal.Screen;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FollowTest {
  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final Screen screen =
      new Screen(new PrintWriter(out), new PrintWriter(new StringWriter()), 0, false);

  @Test
  void showsOnlyWhatComesAlsoFromNewAndTruncatedFiles() throws IOException {
    Path embed = Files.writeString(folder.resolve("embed.log"), "a long line from before\n");
    FunctionLogs logs = FunctionLogs.in(folder, screen, null, null).skipToEnd();
    Iterator<Runnable> happenings =
        List.<Runnable>of(
                () -> append(embed, "half "),
                () -> append(embed, "and whole\n"),
                () -> append(folder.resolve("parse.log"), "new function\n"),
                () -> write(embed, "anew\n"))
            .iterator();

    logs.follow(happenings::hasNext, pause -> happenings.next().run());
    logs.print();

    assertThat(out.toString())
        .contains("half and whole", "new function", "anew")
        .doesNotContain("from before");
    assertThat(logs.names()).containsExactly("embed", "parse");
  }

  private static void append(Path file, String text) {
    write(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private static void write(Path file, String text, StandardOpenOption... options) {
    try {
      Files.writeString(file, text, options);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
