package dev.sluice.cli.cloud;

import dev.sluice.cli.api.Pause;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The cloud as a process of its own, which outlives the command and its terminal. */
public final class Daemon {
  private static final Duration LONGEST_START = Duration.ofMinutes(5);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

  private final Clouds clouds;
  private final Path log;
  private final InstantSource clock;
  private final Pause pause;

  public Daemon(Clouds clouds, Path log, InstantSource clock, Pause pause) {
    this.clouds = clouds;
    this.log = log;
    this.clock = clock;
    this.pause = pause;
  }

  /** Why a start came to nothing; the message is a sentence. */
  public static final class NotStarted extends Exception {
    @java.io.Serial private static final long serialVersionUID = 1L;

    private final String sentence;

    NotStarted(String sentence) {
      super(sentence);
      this.sentence = sentence;
    }

    @Override
    public String getMessage() {
      return sentence;
    }
  }

  /**
   * This very program again, told to stay in the foreground of a session of its own: neither Ctrl-C
   * nor the end of the terminal reaches it.
   */
  public static List<String> thisProgram(List<String> arguments) {
    List<String> command = new ArrayList<>(detached());
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // All but the terminal: nobody watches a daemon.
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> !option.startsWith("-Dsluice.terminal."))
        .filter(option -> !option.startsWith("-Dsluice.class.archive"))
        .forEach(command::add);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add("dev.sluice.cli.Sluice");
    command.addAll(arguments);
    return command;
  }

  /** Starts it, passes its log lines on, and returns when it answers. */
  public RunningCloud start(List<String> command, Consumer<String> lines)
      throws IOException, NotStarted {
    Files.createDirectories(log.toAbsolutePath().getParent());
    long position = Files.exists(log) ? Files.size(log) : 0;
    Process process =
        new ProcessBuilder(command)
            .redirectInput(new File("/dev/null"))
            .redirectOutput(Redirect.appendTo(log.toFile()))
            .redirectErrorStream(true)
            .start();
    Thread halfStarted = new Thread(process::destroy);
    Runtime.getRuntime().addShutdownHook(halfStarted);
    RunningCloud running = awaitAnswer(process, position, lines);
    Runtime.getRuntime().removeShutdownHook(halfStarted);
    return running;
  }

  private RunningCloud awaitAnswer(Process process, long from, Consumer<String> lines)
      throws IOException, NotStarted {
    Instant deadline = clock.instant().plus(LONGEST_START);
    long position = from;
    while (true) {
      // Alive is asked before the log is read, so that last words are never missed.
      boolean alive = process.isAlive();
      position = passOn(position, lines);
      Optional<RunningCloud> running = clouds.running();
      if (running.isPresent()) {
        return running.get();
      }
      if (!alive) {
        throw new NotStarted(
            "the local cloud ended while it started; its last words are in " + log);
      }
      if (clock.instant().isAfter(deadline)) {
        process.destroy();
        throw new NotStarted(
            "the local cloud was not ready after "
                + LONGEST_START.toMinutes()
                + " minutes and was stopped; its log is "
                + log);
      }
      pause.pause(BETWEEN_LOOKS);
    }
  }

  private long passOn(long position, Consumer<String> lines) throws IOException {
    if (!Files.exists(log)) {
      return position;
    }
    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
      file.seek(position);
      byte[] fresh = new byte[(int) Math.min(1 << 20, Math.max(0, file.length() - position))];
      file.readFully(fresh);
      String text = new String(fresh, StandardCharsets.UTF_8);
      int whole = text.lastIndexOf('\n') + 1;
      text.substring(0, whole).lines().forEach(lines);
      return position + text.substring(0, whole).getBytes(StandardCharsets.UTF_8).length;
    }
  }

  private static List<String> detached() {
    for (String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
      for (String name : List.of("setsid", "nohup")) {
        if (Files.isExecutable(Path.of(folder, name)) && isFirstChoice(name)) {
          return List.of(Path.of(folder, name).toString());
        }
      }
    }
    return List.of();
  }

  // macOS has no setsid; nohup keeps the daemon alive when the terminal closes.
  private static boolean isFirstChoice(String name) {
    boolean mac = System.getProperty("os.name").startsWith("Mac");
    return name.equals(mac ? "nohup" : "setsid");
  }
}
