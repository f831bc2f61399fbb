package dev.sluice.cli;

import dev.sluice.cli.api.Pause;
import dev.sluice.cli.cloud.LocalClouds;
import dev.sluice.cli.terminal.Screen;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/** The real surroundings of a command. */
final class ThisMachine {
  private static final AtomicBoolean FINISHED = new AtomicBoolean();
  private static final AtomicBoolean INTERRUPTED = new AtomicBoolean();

  private ThisMachine() {}

  /** The command has come to its own end; what stops the process now is no interruption. */
  static void finished() {
    FINISHED.set(true);
  }

  private static void interrupted() {
    if (!FINISHED.get()) {
      INTERRUPTED.set(true);
      System.err.println("Stopping…");
    }
  }

  static Surroundings surroundings() {
    Path root = Path.of(System.getProperty("sluice.root", "")).toAbsolutePath().normalize();
    Workspace workspace = new Workspace(root);
    logTo(workspace.cloudLog());
    Runtime.getRuntime().addShutdownHook(new Thread(ThisMachine::interrupted));
    Map<String, String> environment = System.getenv();
    return new Surroundings(
        workspace,
        screen(environment),
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)),
        environment,
        new LocalClouds(root, environment),
        InstantSource.system(),
        Pause.REAL);
  }

  // The class path holds the functions' logging setup too, which would write to standard output.
  private static void logTo(Path file) {
    // Standard output is the command's alone: what a server prints there would spoil its JSON.
    System.setOut(System.err);
    System.setProperty("logback.configurationFile", "sluice-logback.xml");
    System.setProperty("sluice.cloud.log", file.toString());
  }

  private static Screen screen(Map<String, String> environment) {
    int columns = Integer.getInteger("sluice.terminal.columns", 0);
    // https://no-color.org: present and not empty, whatever its value.
    boolean colour = columns > 0 && environment.getOrDefault("NO_COLOR", "").isEmpty();
    return new Screen(writer(FileDescriptor.out), writer(FileDescriptor.err), columns, colour);
  }

  private static PrintWriter writer(FileDescriptor descriptor) {
    return new PrintWriter(
        new OutputStreamWriter(
            new UntilInterrupted(new FileOutputStream(descriptor), INTERRUPTED),
            StandardCharsets.UTF_8),
        true);
  }
}
