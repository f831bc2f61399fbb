package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.cli.cloud.RunningCloud;
import dev.sluice.simulator.admin.AdminServer;
import dev.sluice.simulator.clock.Timer;
import dev.sluice.simulator.fault.Faults;
import dev.sluice.simulator.fault.Operation;
import dev.sluice.simulator.openai.MinuteLimits;
import dev.sluice.simulator.openai.OpenAiOptions;
import dev.sluice.simulator.openai.OpenAiSimulator;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command against the real admin port. */
@SuppressWarnings("NullAway.Init")
class FaultsCommandTest {
  private static final String PLAN =
      """
      {"seed":7,"rules":[{"provider":"openai","operation":"embeddings","fault":"status",\
      "rate":0.5,"status":429,"code":"slow_down"},{"provider":"llamaparse",\
      "operation":"callback","fault":"late","latency_ms":600000}]}\
      """;

  @TempDir Path folder;
  private final Faults faults = new Faults(Timer.REAL);
  private OpenAiSimulator openAi;
  private AdminServer admin;

  @BeforeEach
  void start() throws Exception {
    openAi = OpenAiSimulator.start(OpenAiOptions.defaults().withFaults(faults));
    admin = AdminServer.start(0, faults, Optional.of(openAi));
  }

  @AfterEach
  void stop() {
    admin.close();
    openAi.close();
  }

  private Bench bench() {
    return at(admin.baseUrl());
  }

  private Bench at(URI address) {
    Map<String, String> endpoints = Map.of("admin", address.toString());
    return new Bench(folder).running(new RunningCloud(1, address, endpoints, "t"));
  }

  @Test
  void setsRulesFromTheCommandLineAndShowsThem() {
    Bench set = bench();
    assertThat(
            set.run(
                "faults",
                "set",
                "--seed",
                "7",
                "--rule",
                "openai embeddings status=429 code=slow_down rate=0.5",
                "--rule",
                "llamaparse callback late latency_ms=600000"))
        .as(set.err())
        .isZero();
    Bench show = bench();
    assertThat(show.run("faults", "show")).isZero();
    Bench json = bench();
    assertThat(json.run("faults", "show", "--json")).isZero();

    assertThat(set.out())
        .isEqualTo(
            """
            Seed 7
              openai embeddings status rate=0.5 status=429 code=slow_down
              llamaparse callback late latency_ms=600000
            """);
    assertThat(show.out()).isEqualTo(set.out());
    assertThat(json.out().strip()).isEqualTo(PLAN);
  }

  @Test
  void setsAPlanFromAFile() throws Exception {
    Path file = Files.writeString(folder.resolve("plan.json"), PLAN);

    assertThat(bench().run("faults", "set", file.toString())).isZero();
    assertThat(faults.plan().seed()).isEqualTo(7);
    assertThat(faults.plan().rules()).hasSize(2);
  }

  @Test
  void endsAPlan() {
    assertThat(bench().run("faults", "set", "--rule", "openai embeddings nan")).isZero();
    assertThat(faults.plan().rules()).hasSize(1);
    Bench clear = bench();
    assertThat(clear.run("faults", "clear")).isZero();
    Bench show = bench();
    assertThat(show.run("faults", "show")).isZero();

    assertThat(faults.plan().rules()).isEmpty();
    assertThat(clear.out()).isEqualTo("Nothing goes wrong any more.\n");
    assertThat(show.out()).isEqualTo("Nothing goes wrong: no plan is set.\n");
  }

  @Test
  void tellsWhatThePlanHasDone() throws Exception {
    assertThat(bench().run("faults", "set", "--rule", "openai embeddings html every=2")).isZero();
    for (int i = 0; i < 3; i++) {
      assertThat(faults.next(Operation.EMBEDDINGS)).isNotNull();
    }
    Bench log = bench();
    assertThat(log.run("faults", "log")).isZero();
    Bench json = bench();
    assertThat(json.run("faults", "log", "--json")).isZero();

    assertThat(log.out())
        .isEqualTo(
            """
              openai     embeddings      2  html
            1 of 3 requests went wrong.
            """);
    assertThat(new ObjectMapper().readTree(json.out()).at("/decisions")).hasSize(3);
  }

  @Test
  void showsAndSetsLimits() {
    Bench set = bench();
    assertThat(set.run("faults", "limits", "--requests", "60", "--model", "text-embedding-3-small"))
        .isZero();
    Bench unknown = bench();
    assertThat(unknown.run("faults", "limits", "--tokens", "1", "--model", "gpt")).isEqualTo(2);

    assertThat(openAi.limits())
        .containsEntry("text-embedding-3-small", new MinuteLimits(60, 10_000_000))
        .containsEntry("text-embedding-3-large", MinuteLimits.TIER_5);
    assertThat(set.out())
        .contains("text-embedding-3-small             60 requests a minute     10,000,000 tokens");
    assertThat(unknown.err()).contains("there is no model gpt");
  }

  @Test
  void saysWhatIsWrongInASentence() throws Exception {
    Bench field = bench();
    assertThat(field.run("faults", "set", "--rule", "openai embeddings nan rate=2")).isEqualTo(2);
    Bench form = bench();
    assertThat(form.run("faults", "set", "--rule", "status=429")).isEqualTo(2);
    Bench nothing = bench();
    assertThat(nothing.run("faults", "set")).isEqualTo(2);
    Bench missing = bench();
    assertThat(missing.run("faults", "set", "nowhere.json")).isEqualTo(2);
    Bench what = bench();
    assertThat(what.run("faults")).isEqualTo(2);
    Bench gone = at(URI.create("http://127.0.0.1:1"));
    assertThat(gone.run("faults", "show")).isEqualTo(2);
    Bench none = new Bench(folder);
    assertThat(none.run("faults", "show")).isEqualTo(2);

    assertThat(field.err()).isEqualTo("sluice: rules[0].rate must be a number from 0 to 1\n");
    assertThat(form.err())
        .isEqualTo(
            "sluice: a rule looks like 'openai embeddings status=503 rate=0.1', not"
                + " 'status=429'\n");
    assertThat(nothing.err()).contains("name a file, or give each --rule");
    assertThat(missing.err()).isEqualTo("sluice: nowhere.json cannot be read\n");
    assertThat(what.err()).contains("say what to do: show, set, clear, log or limits");
    assertThat(gone.err()).isEqualTo("sluice: http://127.0.0.1:1 could not be reached\n");
    assertThat(none.err()).isEqualTo("sluice: " + ApiOptions.NONE_RUNS + "\n");
  }
}
