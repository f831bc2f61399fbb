package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bash launcher, with a JDK and a Maven that only say what they were asked. */
class LauncherTest {
  private static final String JAVA =
      """
      #!/bin/sh
      echo "locale: ${LC_ALL:-}"
      for word in "$@"; do echo "java: $word"; done
      """;
  private static final String MAVEN =
      """
      #!/bin/sh
      echo "maven: $JAVA_HOME $*" >> "$SAID"
      echo '[INFO] Building Sluice common 0.1.0                                      [2/3]'
      [ -z "$MAVEN_FAILS" ] || { echo '[ERROR] no such luck'; exit 1; }
      mkdir -p cli/target/lib functions/api/target
      touch cli/target/cli-0.1.0.jar functions/api/target/api.zip
      """;

  @TempDir Path folder;
  private Path clone;
  private Path jdk;
  private Path said;
  private final Map<String, String> environment = new HashMap<>();

  private record Ran(int code, String out, String err) {}

  @BeforeEach
  void lay() throws IOException {
    clone = Files.createDirectories(folder.resolve("a clone"));
    Path launcher = clone.resolve("sluice");
    Files.copy(Path.of("../sluice"), launcher, StandardCopyOption.COPY_ATTRIBUTES);
    for (String module :
        List.of("common", "localstack", "cli", "system-tests", "benchmarks", "functions/api")) {
      write(clone.resolve(module + "/pom.xml"), "<project/>");
    }
    write(clone.resolve("cli/src/main/java/A.java"), "class A {}");
    write(clone.resolve("cli/src/test/java/ATest.java"), "class ATest {}");
    jdk = folder.resolve("jdk 25");
    write(jdk.resolve("release"), "JAVA_VERSION=\"25.0.3\"\n");
    executable(jdk.resolve("bin/java"), JAVA);
    executable(jdk.resolve("bin/javac"), JAVA);
    executable(folder.resolve("bin/mvn"), MAVEN);
    said = folder.resolve("said");
    environment.put("JAVA_HOME", jdk.toString());
    environment.put("SAID", said.toString());
    environment.put("PATH", folder.resolve("bin") + ":/usr/bin:/bin");
  }

  @Test
  void buildsOnceAndRunsTheCommandFromAnyFolder() throws Exception {
    Ran first = run("status", "a b");
    assertThat(first.code()).isZero();
    assertThat(first.err())
        .contains("Building Sluice (the first time", "[2/3] Sluice common 0.1.0", "Built in");
    assertThat(first.out())
        .contains("java: -Dsluice.root=" + clone + "\n")
        .contains("java: -Dsluice.terminal.columns=0\n")
        .contains("java: " + clone + "/cli/target/cli-0.1.0.jar:" + clone + "/cli/target/lib/*\n")
        .endsWith("java: dev.sluice.cli.Sluice\njava: status\njava: a b\n");

    Ran second = run("demo");
    assertThat(second.err()).isEmpty();
    assertThat(Files.readAllLines(said))
        .singleElement()
        .asString()
        .startsWith("maven: " + jdk + " -B")
        .contains("-DskipTests")
        .contains("package");
  }

  @Test
  void letsJavaNameEveryFileWhateverTheLocale() throws Exception {
    environment.putAll(Map.of("LC_ALL", "", "LC_CTYPE", "", "LANG", "C"));
    assertThat(run("status").out()).contains("locale: C.UTF-8\n");
    environment.put("LANG", "C.UTF-8");
    assertThat(run("status").out()).contains("locale: \n");
  }

  @Test
  void tellsTheWidthOfTheTerminalThatIsWatched() throws Exception {
    assumeThat(Path.of("/usr/bin/script")).isExecutable();
    run("status");
    String typed = "stty cols 97 rows 30; '%s' status".formatted(clone.resolve("sluice"));
    ProcessBuilder terminal =
        new ProcessBuilder("/usr/bin/script", "-q", "-e", "-c", typed, "/dev/null")
            .redirectErrorStream(true);
    terminal.environment().putAll(environment);

    Process process = terminal.start();
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).isZero();
    assertThat(out).contains("java: -Dsluice.terminal.columns=97");
  }

  @Test
  void sendsWhoHasNoDockerToTheTestsThatNeedNone() throws Exception {
    executable(folder.resolve("bin/docker"), "#!/bin/sh\nexit 1\n");
    environment.put("DOCKER_HOST", "");

    Ran ran = run("test", "--docker");

    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.err()).contains("no Docker engine answers: install one", "test --e2e");
  }

  @Test
  void buildsAgainWhenSourcesChangedButNotForATest() throws Exception {
    run("demo");
    write(clone.resolve("cli/src/test/java/ATest.java"), "class ATest { int changed; }");
    run("demo");
    assertThat(Files.readAllLines(said)).hasSize(1);

    write(clone.resolve("cli/src/main/java/A.java"), "class A { int changed; }");
    assertThat(run("status").err()).isEmpty();
    assertThat(run("demo").err()).contains("Building Sluice: the sources changed.");
    assertThat(Files.readAllLines(said)).hasSize(2);
  }

  @Test
  void showsWhatABuildDiedOf() throws Exception {
    environment.put("MAVEN_FAILS", "yes");
    Ran ran = run("demo");
    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.err())
        .contains("[ERROR] no such luck")
        .contains("everything it said is in " + clone + "/.sluice/logs/build.log");
    assertThat(ran.out()).isEmpty();
    assertThat(clone.resolve(".sluice/build.lock")).doesNotExist();
  }

  @Test
  void doesNotBuildTwiceAtOnce() throws Exception {
    executable(folder.resolve("bin/mvn"), MAVEN.replace("mkdir", "sleep 1\nmkdir"));
    Process one = start("demo");
    Process two = start("demo");
    assertThat(one.waitFor()).isZero();
    assertThat(two.waitFor()).isZero();
    assertThat(Files.readAllLines(said)).hasSize(1);
  }

  @Test
  void takesOverALockWhoseOwnerDied() throws Exception {
    Process gone = new ProcessBuilder("true").start();
    gone.waitFor();
    write(clone.resolve(".sluice/build.lock/pid"), gone.pid() + "\n");
    assertThat(run("demo").code()).isZero();
  }

  @Test
  void saysInOneSentenceThatNoJdkWasFound() throws Exception {
    write(jdk.resolve("release"), "JAVA_VERSION=\"21.0.1\"\n");
    // Whatever this machine has elsewhere is out of sight.
    Path launcher = clone.resolve("sluice");
    String everywhere = "done < <(jdk_candidates \"$(user_home)\")";
    assertThat(launcher).content().contains(everywhere);
    Files.writeString(
        launcher,
        Files.readString(launcher).replace(everywhere, "done < <(printf '%s\\n' \"$JAVA_HOME\")"));

    Ran ran = run("demo");

    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.err().lines())
        .singleElement()
        .asString()
        .startsWith("sluice: a JDK 25 is needed");
  }

  @Test
  void findsAJdkOnThePathOrInToolchains() throws Exception {
    Path elsewhere = folder.resolve("elsewhere");
    Files.move(jdk, elsewhere);
    Files.createSymbolicLink(folder.resolve("bin/java"), elsewhere.resolve("bin/java"));
    assertThat(run("demo").out()).contains("java: demo");
  }

  @Test
  void runsTestsThroughMaven() throws Exception {
    assertThat(run("test", "--fast").code()).isZero();
    assertThat(run("test", "--e2e").code()).isZero();
    assertThat(run("test").code()).isZero();
    environment.put("MAVEN_FAILS", "yes");
    assertThat(run("test").code()).isEqualTo(1);
    assertThat(Files.readAllLines(said))
        .satisfiesExactly(
            fast ->
                assertThat(fast)
                    .contains("-Dsluice.tests.excluded=servers | e2e")
                    .endsWith(" test"),
            e2e ->
                assertThat(e2e)
                    .contains("-Dsluice.tests.included=e2e", "-Dmaven.antrun.skip=true")
                    .endsWith(" verify"),
            all -> assertThat(all).doesNotContain("skip").endsWith(" verify"),
            failed -> assertThat(failed).endsWith(" verify"));
  }

  @Test
  void testsTheRealProvidersWithTheirKeysOnly() throws Exception {
    environment.put("OPENAI_API_KEY", "");
    environment.put("LLAMA_CLOUD_API_KEY", "");
    Ran without = run("test", "--real");
    assertThat(without.code()).isEqualTo(2);
    assertThat(without.err()).contains("set OPENAI_API_KEY, LLAMA_CLOUD_API_KEY, or both.");
    assertThat(said).doesNotExist();

    environment.put("OPENAI_API_KEY", "sk-secret");
    Ran with = run("test", "--real");
    assertThat(with.code()).isZero();
    assertThat(with.err())
        .contains("Of LlamaParse nothing is tested: LLAMA_CLOUD_API_KEY is not set.")
        .doesNotContain("sk-secret");
    assertThat(said).content().contains("-Dsluice.tests.included=real").doesNotContain("secret");
    assertThat(run("test").err())
        .contains("The real OpenAI and LlamaParse were not tested", "./sluice test --real");
  }

  @Test
  void buildsThePeersOnlyForWhatMeasuresThem() throws Exception {
    run("bench", "soak");
    run("bench", "growth", "--help");
    run("bench", "--compare", "a.json", "--with", "b.json");
    assertThat(Files.readAllLines(said)).hasSize(1);
    run("bench");
    run("bench", "pipeline", "--rounds", "1");
    assertThat(Files.readAllLines(said))
        .hasSize(3)
        .last()
        .asString()
        .contains("package -pl benchmarks -am");
  }

  @Test
  void refusesTestOptionsThatItDoesNotKnow() throws Exception {
    Ran ran = run("test", "--slow");
    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.err())
        .isEqualTo("sluice: usage: ./sluice test [--fast | --e2e | --crash | --docker | --real]\n");
    assertThat(said).doesNotExist();
  }

  @Test
  void worksThroughASymbolicLink() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("bin/sluice"), clone.resolve("sluice"));
    assertThat(run(List.of(link.toString(), "demo")).out())
        .contains("java: -Dsluice.root=" + clone + "\n");
  }

  private Ran run(String... arguments) throws Exception {
    return run(command(arguments));
  }

  private Ran run(List<String> command) throws Exception {
    Path out = Files.createTempFile(folder, "out", "");
    Path err = Files.createTempFile(folder, "err", "");
    Process process =
        builder(command).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    int code = process.waitFor();
    return new Ran(code, Files.readString(out), Files.readString(err));
  }

  private Process start(String... arguments) throws IOException {
    return builder(command(arguments))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private List<String> command(String... arguments) {
    List<String> command = new ArrayList<>(List.of(clone.resolve("sluice").toString()));
    command.addAll(List.of(arguments));
    return command;
  }

  private ProcessBuilder builder(List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().remove("MAVEN_OPTS");
    builder.environment().putAll(environment);
    return builder;
  }

  private static void write(Path file, String content) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  private static void executable(Path file, String script) throws IOException {
    write(file, script);
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }
}
