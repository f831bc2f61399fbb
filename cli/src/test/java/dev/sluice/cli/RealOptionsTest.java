package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.localstack.real.Cap;
import dev.sluice.localstack.real.Provider;
import dev.sluice.localstack.real.RealServices;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands that start a cloud with real providers, and those that show what they cost. */
class RealOptionsTest {
  private static final String SPENDING =
      """
      {"spent": {"parses": 1, "tokens": 1234, "nano_usd": 41274681}, "refused": 2,
       "cap": {"parses": 5, "tokens": 10000, "nano_usd": 1000000000}, "unbilled": {}}
      """;
  private static final String LINE =
      "Real spending: 1 of 5 parses, 1,234 of 10,000 tokens, $0.0413 of $1.0000;"
          + " refused by the cap: 2 calls";

  @TempDir Path folder;
  private ScriptedSluice sluice;
  private Bench bench;

  @BeforeEach
  void start() throws IOException {
    sluice = new ScriptedSluice();
    bench = new Bench(folder).startable(sluice.url());
    Path samples = Files.createDirectories(folder.resolve("localstack/samples"));
    Files.writeString(samples.resolve("policy.md"), "# Policy");
    Files.createDirectories(folder.resolve(".sluice"));
  }

  @AfterEach
  void stop() {
    sluice.close();
  }

  @Test
  void everythingIsSimulatedUnlessAskedFor() throws Exception {
    bench.environment.put("OPENAI_API_KEY", "sk-secret");
    assertThat(bench.run("demo")).isZero();
    assertThat(bench.real).isEqualTo(RealServices.NONE);
    assertThat(bench.out()).contains("all on this machine.").doesNotContain("Real spending");
  }

  @Test
  void startsTheDemoWithWhatIsRealAndEndsWithWhatItCost() throws IOException {
    bench.environment.put("OPENAI_API_KEY", "sk-secret");
    Files.writeString(folder.resolve(".sluice/spending.json"), SPENDING);
    assertThat(bench.run("demo", "--real", "openai", "--cap", "tokens=50")).isZero();
    RealServices real = Objects.requireNonNull(bench.real);
    assertThat(real.services()).containsOnlyKeys(Provider.OPENAI);
    assertThat(real.cap()).isEqualTo(new Cap(5, 50, 1_000_000_000));
    assertThat(bench.out())
        .contains("1 document, all on this machine but OpenAI.", LINE)
        .doesNotContain("sk-secret");
  }

  @ParameterizedTest
  @ValueSource(strings = {"up", "demo"})
  void saysWhichKeyIsMissing(String command) {
    bench.environment.put("OPENAI_API_KEY", "sk-secret");
    assertThat(bench.run(command, "--real", "openai,llamaparse")).isEqualTo(2);
    assertThat(bench.err())
        .isEqualTo(
            "sluice: LlamaParse is to be the real one and there is no key for it: set"
                + " LLAMA_CLOUD_API_KEY.\n");
    assertThat(bench.started).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "usd=-1", "off"})
  void knowsNoWayToSwitchTheCapOff(String cap) {
    bench.environment.put("OPENAI_API_KEY", "sk-secret");
    assertThat(bench.run("up", "--real", "openai", "--cap", cap)).isEqualTo(2);
    assertThat(bench.err()).contains("A cap is written parses=5,tokens=10000,usd=1");
  }

  @Test
  void wantsSomethingToCap() {
    assertThat(bench.run("up", "--cap", "usd=2")).isEqualTo(2);
    assertThat(bench.err()).contains("--cap limits what --real costs");
  }

  @ParameterizedTest
  @ValueSource(strings = {"up", "demo"})
  void leavesARunningCloudAsItWasStarted(String command) {
    bench.environment.put("OPENAI_API_KEY", "sk-secret");
    bench.running(URI.create("http://127.0.0.1:7080"));
    assertThat(bench.run(command, "--real", "openai")).isEqualTo(2);
    assertThat(bench.err())
        .contains("is running already at http://127.0.0.1:7080", "./sluice down stops");
  }

  @Test
  void showsWhatWasSpentWithTheJobs() throws IOException {
    Files.writeString(folder.resolve(".sluice/spending.json"), SPENDING);
    bench.running(sluice.url());
    assertThat(bench.run("status")).isZero();
    assertThat(bench.out()).endsWith(LINE + "\n");

    Bench json = new Bench(folder).running(sluice.url());
    assertThat(json.run("status", "--json")).isZero();
    assertThat(json.json().at("/real_spending/spent/nano_usd").asLong()).isEqualTo(41274681);
  }
}
