package dev.sluice.localstack.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FunctionCodeTest {
  @TempDir Path folder;

  private Path zip(String... entries) throws IOException {
    Path file = folder.resolve("code.zip");
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (String entry : entries) {
        zip.putNextEntry(new ZipEntry(entry));
      }
    }
    return file;
  }

  @Test
  void unzipsOnceForEachContentAndRemovesTheOlderOne() throws Exception {
    FunctionCode code = new FunctionCode(folder);

    Path first = code.unzipped("api", zip("lib/", "lib/a.jar"));
    assertThat(first.resolve("lib/a.jar")).exists();
    assertThat(code.unzipped("api", zip("lib/", "lib/a.jar"))).isEqualTo(first);
    Path other = code.unzipped("api-two", zip("lib/a.jar"));

    Path second = code.unzipped("api", zip("lib/b.jar"));

    assertThat(second.resolve("lib/b.jar")).exists();
    assertThat(first).doesNotExist();
    assertThat(other).exists();
  }

  @Test
  void refusesAnEntryThatLeadsOutOfTheFolder() {
    assertThatThrownBy(() -> new FunctionCode(folder).unzipped("api", zip("../evil")))
        .isInstanceOf(IOException.class)
        .hasMessage("the zip's entry ../evil leads out of its folder");
  }
}
