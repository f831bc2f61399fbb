package dev.sluice.cli;

import dev.sluice.cli.cloud.RunningCloud;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "reset",
    mixinStandardHelpOptions = true,
    description =
        "Forgets everything that the local cloud stored: documents, queues, secrets, logs.",
    footer = {
      "",
      "Examples:",
      "  ./sluice reset                    asks first",
      "  ./sluice reset --yes",
      "",
      "What only took time to make (the build, the unpacked functions) is kept."
    })
final class ResetCommand implements Callable<Integer> {
  // Made once per machine, and without any document's trace.
  private static final Set<String> KEPT =
      Set.of("build.stamp", "build.lock", "m2", "functions", "runtime");

  private final Surroundings surroundings;

  @Option(
      names = {"-y", "--yes"},
      description = "Do not ask.")
  private boolean yes;

  ResetCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    Path state = surroundings.workspace().state();
    if (!yes && !agreed(state)) {
      surroundings.screen().out().println("Nothing was changed.");
      return ExitCode.CANNOT;
    }
    Optional<RunningCloud> running = surroundings.clouds().recorded();
    running.ifPresent(cloud -> DownCommand.stop(surroundings, cloud));
    for (Path entry : entries(state)) {
      delete(entry);
    }
    surroundings.screen().out().println("Forgotten. The next start begins with nothing.");
    return ExitCode.DONE;
  }

  private boolean agreed(Path state) throws IOException {
    surroundings
        .screen()
        .out()
        .print("Delete every document, queue, secret and log in " + state + "? [y/N] ");
    surroundings.screen().out().flush();
    String answer = surroundings.keyboard().readLine();
    return isYes(answer);
  }

  private static boolean isYes(@Nullable String answer) {
    return answer != null && Set.of("y", "yes").contains(answer.strip().toLowerCase(Locale.ROOT));
  }

  private static List<Path> entries(Path state) throws IOException {
    if (!Files.isDirectory(state)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(state)) {
      return entries.filter(entry -> !isKept(entry.getFileName().toString())).toList();
    }
  }

  private static boolean isKept(String name) {
    return KEPT.contains(name) || name.endsWith(".jsa");
  }

  private static void delete(Path entry) throws IOException {
    Files.walkFileTree(
        entry,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.delete(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
