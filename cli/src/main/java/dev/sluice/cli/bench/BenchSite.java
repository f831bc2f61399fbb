package dev.sluice.cli.bench;

import dev.sluice.cli.api.Pause;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;

/**
 * Where a long measurement runs and keeps its things.
 *
 * @param root of the clone
 * @param folder for clouds, documents and logs
 * @param words hears how it goes
 */
public record BenchSite(
    Path root,
    Map<String, String> environment,
    Path folder,
    InstantSource clock,
    Pause pause,
    PrintWriter words) {

  /** The state of the cloud that runs now. */
  Path cloud() {
    return folder.resolve("cloud");
  }

  /** The documents of the run that goes on. */
  Path documents() {
    return folder.resolve("documents");
  }

  /** What the functions of a past run logged. */
  Path logs(String run) {
    return folder.resolve("logs").resolve(run);
  }

  /** A cloud as the template has it. */
  BenchCloud start() throws IOException, InterruptedException {
    say("Starting a cloud…");
    return BenchCloud.start(this);
  }

  /** A cloud with so many concurrent executions of each function. */
  BenchCloud start(int executions) throws IOException, InterruptedException {
    sayWhatStarts(executions);
    return BenchCloud.start(this, executions);
  }

  /** The same with a gate before every server. */
  SoakCloud startWithGates(int executions) throws IOException, InterruptedException {
    sayWhatStarts(executions);
    return SoakCloud.start(this, executions);
  }

  private void sayWhatStarts(int executions) {
    say("Starting a cloud with " + executions + " concurrent executions of each function…");
  }

  void say(String line) {
    words.println(line);
    words.flush();
  }
}
