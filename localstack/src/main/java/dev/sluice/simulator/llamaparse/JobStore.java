package dev.sluice.simulator.llamaparse;

import dev.sluice.simulator.http.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Jobs, one file each, written before they are seen: what was answered survives a kill. */
final class JobStore {
  private static final Logger LOG = LoggerFactory.getLogger(JobStore.class);

  private final Path directory;
  private final Clock clock;
  private final Duration retention;
  private final Object changes = new Object();
  private final Map<String, Job> jobs = new ConcurrentHashMap<>();

  JobStore(Path stateDirectory, Clock clock, Duration retention) throws IOException {
    this.directory = Files.createDirectories(stateDirectory.resolve("jobs"));
    this.clock = clock;
    this.retention = retention;
    load();
  }

  private void load() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".json")).toList()) {
        Job job = Json.MAPPER.readValue(file.toFile(), Job.class);
        if (isExpired(job)) {
          Files.deleteIfExists(file);
        } else {
          jobs.put(job.id(), job);
        }
      }
    }
  }

  /** A job that has not expired. */
  Optional<Job> find(String id) {
    return Optional.ofNullable(jobs.get(id)).filter(job -> !isExpired(job));
  }

  /** All jobs that have not expired, the newest first. */
  List<Job> newestFirst() {
    return jobs.values().stream()
        .filter(job -> !isExpired(job))
        .sorted(Comparator.comparing(Job::createdAt).reversed().thenComparing(Job::id))
        .toList();
  }

  void add(Job job) {
    write(job);
    jobs.put(job.id(), job);
  }

  /** Returns when the job is so, or has gone, or the time is over, or the thread is told to end. */
  void await(String id, Predicate<Job> condition, Duration most) {
    long end = System.nanoTime() + most.toNanos();
    synchronized (changes) {
      try {
        while (find(id).filter(condition.negate()).isPresent() && System.nanoTime() < end) {
          changes.wait(Math.max(1, (end - System.nanoTime()) / 1_000_000));
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Changes a job, one change at a time.
   *
   * @param change gives the new job, or the same one to leave it
   * @return the job as it is now; empty if there is none
   */
  Optional<Job> update(String id, UnaryOperator<Job> change) {
    Job updated =
        jobs.computeIfPresent(
            id,
            (key, job) -> {
              Job next = change.apply(job);
              if (next != job) {
                write(next);
              }
              return next;
            });
    synchronized (changes) {
      changes.notifyAll();
    }
    return Optional.ofNullable(updated);
  }

  /** A complete result of the same bytes under the same options. */
  Optional<Job.Outcome> cached(String sourceSha256, String optionsHash) {
    return jobs.values().stream()
        .filter(job -> job.outcome() != null && !isExpired(job))
        .filter(job -> job.submission().optionsHash().equals(optionsHash))
        .map(Job::outcome)
        .filter(outcome -> outcome.sourceSha256().equals(sourceSha256) && !outcome.isPartial())
        .findFirst();
  }

  /** Under which ids the results of all jobs are stored. */
  Set<String> resultIds() {
    return jobs.values().stream()
        .map(Job::outcome)
        .filter(outcome -> outcome != null)
        .map(Job.Outcome::resultId)
        .collect(Collectors.toSet());
  }

  long creditsUsed() {
    return jobs.values().stream()
        .map(Job::outcome)
        .filter(outcome -> outcome != null)
        .mapToLong(Job.Outcome::credits)
        .sum();
  }

  private boolean isExpired(Job job) {
    Instant end = job.createdAt().plus(retention);
    return job.status().isFinal() && clock.instant().isAfter(end);
  }

  private void write(Job job) {
    Path file = directory.resolve(job.id() + ".json");
    Path temporary = directory.resolve(job.id() + ".tmp");
    try {
      Files.write(temporary, Json.MAPPER.writeValueAsBytes(job));
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (NoSuchFileException e) {
      LOG.warn("job {} was not written: the state directory was removed", job.id());
    } catch (IOException e) {
      throw new UncheckedIOException("job " + job.id() + " could not be written", e);
    }
  }
}
