package dev.sluice.localstack.lambda;

import static dev.sluice.localstack.lambda.TinyFunction.command;
import static dev.sluice.localstack.lambda.TinyFunction.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.localstack.cache.PlainPath;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TaskFolderTest {
  private static final String TEMPLATE =
      """
      Resources:
        TinyFunction:
          Type: AWS::Serverless::Function
          Properties:
            Runtime: java25
            CodeUri: tiny.zip
            Handler: tiny.TinyHandler
            MemorySize: 256
            Timeout: 30
      """;

  @TempDir Path machine;

  @Test
  void isTheStateFolderIfItsPathIsPlain() throws IOException {
    Path state = machine.resolve("clone/.sluice");

    assertThat(TaskFolder.of(state, Map.of(), machine)).isEqualTo(state);
  }

  @ParameterizedTest
  @ValueSource(strings = {"My Projects", "Müller", "c++", "100%", "a!b", "a#b"})
  void isAPrivateFolderOfTheCacheForAnyOtherPath(String name) throws IOException {
    Path folder = tasksOf(machine.resolve(name));

    assertThat(folder).isDirectory().startsWith(machine.resolve("cache/sluice"));
    assertThat(PlainPath.isPlain(folder)).isTrue();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
        .isEqualTo("rwx------");
    assertThat(tasksOf(machine.resolve(name))).isEqualTo(folder);
    assertThat(tasksOf(machine.resolve(name + " 2"))).isNotEqualTo(folder);
  }

  @Test
  void looksAtWhereALinkLeads() throws IOException {
    Path link =
        Files.createSymbolicLink(
            machine.resolve("link"), Files.createDirectory(machine.resolve("a b")));

    assertThat(tasksOf(link)).startsWith(machine.resolve("cache/sluice"));
  }

  @Test
  void goesWhenItsStateFolderHasGone() throws IOException {
    Path state = machine.resolve("a b");
    Path folder = tasksOf(state);
    Files.createDirectories(folder.resolve("functions/api-0"));
    Path beingMade = Files.createDirectory(folder.resolveSibling("being-made"));
    Path other = tasksOf(machine.resolve("c d"));
    assertThat(folder).exists();

    Files.delete(state);
    tasksOf(machine.resolve("c d"));

    assertThat(folder).doesNotExist();
    assertThat(other).exists();
    assertThat(beingMade).exists();
  }

  @Test
  void functionsRunFromPlainPathsWhereverTheCloneIs() throws Exception {
    var template =
        TinyFunction.template(
            Files.createDirectory(machine.resolve("plain")),
            TEMPLATE,
            URI.create("http://127.0.0.1:1"));
    Path jars = Files.createDirectory(machine.resolve("Käthe's c++"));
    try (var files = Files.list(TinyFunction.RUNTIME)) {
      for (Path jar : files.toList()) {
        Files.copy(jar, jars.resolve(jar.getFileName()));
      }
    }
    var settings = LambdaSettings.of(machine.resolve("a b"), jars, InstantSource.system());

    try (var lambda = LocalLambda.start(template, settings, 0)) {
      String places = text(lambda.invoke("tiny", command("places")));

      assertThat(places.replace("\"", "").split(":"))
          .hasSizeGreaterThan(3)
          .allSatisfy(place -> assertThat(PlainPath.isPlain(Path.of(place))).isTrue());
    }
  }

  private Path tasksOf(Path state) throws IOException {
    return TaskFolder.of(
        state, Map.of("XDG_CACHE_HOME", machine.resolve("cache").toString()), machine);
  }
}
