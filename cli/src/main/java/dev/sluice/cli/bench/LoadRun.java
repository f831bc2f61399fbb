package dev.sluice.cli.bench;

import dev.sluice.cli.bench.PatientClient.Uploads;
import dev.sluice.cli.bench.RunStore.Progress;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Uploads documents to a cloud, with weather or without, and waits until all have ended. */
final class LoadRun {
  private static final Duration LOOK = Duration.ofMillis(500);
  private static final Duration TELL = Duration.ofSeconds(5);
  private static final Duration DRAIN = Duration.ofSeconds(20);

  /** The weather clears when so many have ended. */
  private static final double MOST = 0.9;

  private final SoakCloud gated;
  private final BenchCloud cloud;
  private final SoakSettings settings;
  private final BenchSite site;

  LoadRun(SoakCloud gated, SoakSettings settings, BenchSite site) {
    this.gated = gated;
    this.cloud = gated.cloud();
    this.settings = settings;
    this.site = site;
  }

  /** Has a user of its own, so that nothing of another run is reused or counted. */
  RunResult run(String name, List<SoakDocument> documents, boolean weather)
      throws IOException, SQLException, InterruptedException {
    UUID user = UUID.randomUUID();
    PatientClient client = PatientClient.of(cloud, user, site);
    try (RunStore store = new RunStore(cloud.connect(), user);
        LockWatch locks = LockWatch.begin(cloud);
        MemoryWatch memory = MemoryWatch.begin()) {
      long deadlocks = store.deadlocks();
      Course course = new Course(name, documents.size(), store, memory);
      try (Uploads uploads = client.begin(documents)) {
        course.follow(uploads, weather ? Weather.begin(gated, settings) : null);
      }
      return course.result(locks, deadlocks);
    }
  }

  /** One run from its first upload to its end. */
  private final class Course {
    private final String name;
    private final int documents;
    private final RunStore store;
    private final MemoryWatch memory;
    private final Instant began = site.clock().instant();
    private Instant told = began;
    private Instant deadline = began.plus(settings.limit());
    private Map<FaultKind, Integer> faults = Map.of();
    private Progress progress = new Progress(0, 0);
    private int notUploaded;
    private boolean stopped;

    Course(String name, int documents, RunStore store, MemoryWatch memory) {
      this.name = name;
      this.documents = documents;
      this.store = store;
      this.memory = memory;
    }

    void follow(Uploads uploads, @Nullable Weather weather) throws SQLException {
      try (weather) {
        awaitUntil(weather, uploads::areDone);
        notUploaded = uploads.failures(site.words());
        awaitUntil(weather, () -> progress.ended() >= MOST * expected());
      }
      awaitUntil(weather, () -> progress.ended() >= expected());
      tell();
    }

    private int expected() {
      return documents - notUploaded;
    }

    private interface Condition {
      boolean holds();
    }

    /** Each part has the limit for itself. */
    private void awaitUntil(@Nullable Weather weather, Condition condition) throws SQLException {
      deadline = site.clock().instant().plus(settings.limit());
      look(weather);
      while (!condition.holds()
          && site.clock().instant().isBefore(deadline)
          && !stopped
          && !Thread.currentThread().isInterrupted()) {
        site.pause().pause(LOOK);
        look(weather);
      }
    }

    /** Before the system ends processes of its own choice, which may be anybody's. */
    private void stopIfMemoryIsScarce() {
      if (memory.isScarce() && !stopped) {
        stopped = true;
        site.say("The machine's memory is nearly used up: this run stops where it is.");
      }
    }

    private void look(@Nullable Weather weather) throws SQLException {
      progress = store.progress();
      faults = weather == null ? faults : weather.struck();
      stopIfMemoryIsScarce();
      if (site.clock().instant().isAfter(told.plus(TELL))) {
        tell();
      }
    }

    private void tell() {
      told = site.clock().instant();
      Duration since = Duration.between(began, told);
      site.words()
          .printf(
              "%-12s %2d:%02d  %d of %d complete, %d failed, %s%n",
              name,
              since.toMinutes(),
              since.toSecondsPart(),
              progress.complete(),
              documents,
              progress.failed(),
              LoadReport.faults(faults));
      site.words().flush();
    }

    private Map<String, Integer> drained() {
      Instant end = site.clock().instant().plus(DRAIN);
      Map<String, Integer> messages = cloud.messages();
      while (!messages.isEmpty() && site.clock().instant().isBefore(end)) {
        site.pause().pause(LOOK);
        messages = cloud.messages();
      }
      return messages;
    }

    RunResult result(LockWatch locks, long deadlocksBefore) throws SQLException {
      Map<String, Integer> messages = stopped ? cloud.messages() : drained();
      Map<String, Integer> ends = new TreeMap<>(store.ends());
      if (notUploaded > 0) {
        ends.put("not uploaded", notUploaded);
      }
      List<Stay> stays = store.stays();
      return new RunResult(
          name,
          documents,
          store.progress().complete(),
          ends,
          store.took(),
          new ArrayList<>(store.seconds()),
          faults,
          Stay.longestBeyondTurn(stays),
          Stay.longest(stays),
          store.rows(),
          store.paidTwice(),
          store.unknownCalls(),
          store.deadlocks() - deadlocksBefore,
          locks.seen(),
          memory.seen(),
          messages,
          store.incomplete());
    }
  }
}
