package dev.sluice.cli.cloud;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Ends a running cloud: asks, waits, and only then kills what is left. */
public final class Stopper {
  // The local cloud runs a function from the folder that its zip is unpacked to.
  private static final Pattern FUNCTION = Pattern.compile("/functions/([a-z]+)-[0-9a-f]{12}");

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /**
   * @param stopped processes that ended when asked, the cloud itself first
   * @param killed processes that had to be killed
   */
  public record Outcome(List<String> stopped, List<String> killed) {}

  private final Duration patience;

  public Stopper() {
    this(PATIENCE);
  }

  Stopper(Duration patience) {
    this.patience = patience;
  }

  private record Member(ProcessHandle handle, String name) {}

  public Outcome stop(long pid) {
    List<Member> members =
        ProcessHandle.of(pid)
            .map(
                cloud ->
                    java.util.stream.Stream.concat(
                        java.util.stream.Stream.of(cloud), cloud.descendants()))
            .orElseGet(java.util.stream.Stream::empty)
            .map(handle -> new Member(handle, name(handle, pid)))
            .toList();
    if (members.isEmpty()) {
      return new Outcome(List.of(), List.of());
    }
    members.getFirst().handle().destroy();
    awaitEnd(members, patience);
    List<Member> left = members.stream().filter(member -> member.handle().isAlive()).toList();
    left.forEach(member -> member.handle().destroyForcibly());
    awaitEnd(left, Duration.ofSeconds(5));
    return new Outcome(
        members.stream().filter(member -> !left.contains(member)).map(Member::name).toList(),
        left.stream().map(Member::name).toList());
  }

  private static void awaitEnd(List<Member> members, Duration patience) {
    CompletableFuture<?>[] ends =
        members.stream().map(member -> member.handle().onExit()).toArray(CompletableFuture[]::new);
    try {
      CompletableFuture.allOf(ends).get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException stillThere) {
      // The caller looks who is left.
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (java.util.concurrent.ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static String name(ProcessHandle handle, long cloud) {
    if (handle.pid() == cloud) {
      return "the cloud (process " + cloud + ")";
    }
    Matcher function = FUNCTION.matcher(handle.info().commandLine().orElse(""));
    if (function.find()) {
      return "function " + function.group(1) + " (process " + handle.pid() + ")";
    }
    String program =
        handle
            .info()
            .command()
            .map(command -> Path.of(command).getFileName().toString())
            .orElse("process");
    return program + " (process " + handle.pid() + ")";
  }
}
