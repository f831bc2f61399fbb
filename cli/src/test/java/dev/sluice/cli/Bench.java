package dev.sluice.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.cli.api.Json;
import dev.sluice.cli.cloud.Cloud;
import dev.sluice.cli.cloud.Clouds;
import dev.sluice.cli.cloud.RemoteCloud;
import dev.sluice.cli.cloud.RunningCloud;
import dev.sluice.cli.cloud.Steps;
import dev.sluice.cli.terminal.Screen;
import dev.sluice.localstack.real.RealServices;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Runs commands with everything around them in hand: streams, clock, clouds. */
final class Bench implements Clouds {
  private final Path root;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-11-24T06:00:00Z"));
  private @Nullable RunningCloud running;
  private @Nullable URI startable;
  private int columns;
  @Nullable RealServices real;

  final Map<String, String> environment = new HashMap<>();
  final List<Duration> pauses = new ArrayList<>();
  String keyboard = "";
  int started;
  int closed;

  Bench(Path root) {
    this.root = root;
  }

  Bench running(URI url) {
    running = new RunningCloud(1, url, Map.of("gateway", url.toString()), ScriptedSluice.TOKEN);
    return this;
  }

  Bench running(RunningCloud cloud) {
    running = cloud;
    return this;
  }

  Bench startable(URI url) {
    startable = url;
    return this;
  }

  Bench watched(int terminalColumns) {
    columns = terminalColumns;
    return this;
  }

  int run(String... arguments) {
    Screen screen = new Screen(new PrintWriter(out), new PrintWriter(err), columns, columns > 0);
    Surroundings surroundings =
        new Surroundings(
            new Workspace(root),
            screen,
            new BufferedReader(new StringReader(keyboard)),
            environment,
            this,
            now::get,
            this::pause);
    int code = Sluice.commandLine(surroundings).execute(arguments);
    screen.out().flush();
    screen.err().flush();
    return code;
  }

  String out() {
    return out.toString();
  }

  String err() {
    return err.toString();
  }

  JsonNode json() throws IOException {
    return Json.MAPPER.readTree(out.toString());
  }

  // Time passes by pauses alone.
  private synchronized void pause(Duration length) {
    pauses.add(length);
    now.updateAndGet(instant -> instant.plus(length));
  }

  @Override
  public Optional<RunningCloud> recorded() {
    return running();
  }

  @Override
  public Optional<RunningCloud> running() {
    return Optional.ofNullable(running);
  }

  @Override
  public Cloud start(Steps steps, RealServices services) {
    if (startable == null) {
      throw new CommandFailure("no cloud can be started here");
    }
    started++;
    real = services;
    steps.step("everything");
    RemoteCloud remote = new RemoteCloud(startable, ScriptedSluice.TOKEN);
    return new Cloud() {
      @Override
      public URI url() {
        return remote.url();
      }

      @Override
      public String token() {
        return remote.token();
      }

      @Override
      public void close() {
        closed++;
      }
    };
  }
}
