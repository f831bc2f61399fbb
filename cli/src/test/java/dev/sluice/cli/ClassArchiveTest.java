package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassArchiveTest {
  @TempDir Path folder;

  @AfterEach
  void forget() {
    System.clearProperty(ClassArchive.PROPERTY);
  }

  @Test
  void isNotWrittenUnlessAskedFor() {
    ClassArchive.write();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void leavesAnArchiveThatIsThereAlone() throws IOException {
    Path archive = Files.writeString(folder.resolve("classes.jsa"), "there");
    System.setProperty(ClassArchive.PROPERTY, archive.toString());
    ClassArchive.write();
    assertThat(archive).hasContent("there");
  }

  @Test
  void goesOnWhereTheJvmCannotWriteOne() {
    // This JVM was not started to record what an archive needs.
    System.setProperty(ClassArchive.PROPERTY, folder.resolve("classes.jsa").toString());
    ClassArchive.write();
    assertThat(folder.resolve("classes.jsa")).doesNotExist();
  }
}
