package dev.sluice.cli;

import dev.sluice.cli.api.Pause;
import dev.sluice.cli.api.SluiceApi;
import dev.sluice.cli.bench.BenchSite;
import dev.sluice.cli.cloud.Cloud;
import dev.sluice.cli.cloud.Clouds;
import dev.sluice.cli.terminal.Screen;
import java.io.BufferedReader;
import java.time.InstantSource;
import java.util.Map;

/** All that a command touches outside itself. */
record Surroundings(
    Workspace workspace,
    Screen screen,
    BufferedReader keyboard,
    Map<String, String> environment,
    Clouds clouds,
    InstantSource clock,
    Pause pause) {

  /** Where the measurement of that name runs. */
  BenchSite bench(String name) {
    return new BenchSite(
        workspace.root(),
        environment,
        workspace.state().resolve("bench").resolve(name),
        clock,
        pause,
        screen.err());
  }

  SluiceApi api(Cloud cloud) {
    return new SluiceApi(cloud.url(), cloud::token, pause);
  }
}
