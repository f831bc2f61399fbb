package dev.sluice.cli.bench;

import dev.sluice.cli.api.AcceptedDocument;
import dev.sluice.cli.api.ApiException;
import dev.sluice.cli.api.Pause;
import dev.sluice.cli.api.SluiceApi;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** Uploads as a user's program does that gives nothing up: what is broken or busy is repeated. */
final class PatientClient {
  private static final int AT_ONCE = 4;
  private static final int MOST_TRIES = 60;
  private static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);

  /** The object store's answer to an upload whose earlier try had arrived. */
  private static final int ALREADY_THERE = 412;

  private final SluiceApi api;
  private final Pause pause;
  private final Path folder;

  /**
   * @param folder for the files while they are uploaded
   */
  PatientClient(SluiceApi api, Pause pause, Path folder) {
    this.api = api;
    this.pause = pause;
    this.folder = folder;
  }

  static PatientClient of(BenchCloud cloud, UUID user, BenchSite site) {
    return new PatientClient(cloud.api(user, site.pause()), site.pause(), site.documents());
  }

  /** Begins to upload them all, some at once; each is made when its turn comes. */
  Uploads begin(List<SoakDocument> documents) throws IOException {
    Files.createDirectories(folder);
    return begin(documents, this::upload);
  }

  /** Begins to upload files that lie ready, some at once. */
  Uploads beginFiles(List<UploadFile> files) {
    return begin(files, this::upload);
  }

  private interface Upload<T> {
    void run(T what) throws IOException;
  }

  private static <T> Uploads begin(List<T> all, Upload<T> upload) {
    ExecutorService workers =
        Executors.newFixedThreadPool(
            AT_ONCE, Thread.ofPlatform().daemon().name("upload-", 0).factory());
    List<? extends Future<?>> uploads =
        all.stream()
            .map(
                one ->
                    workers.submit(
                        () -> {
                          upload.run(one);
                          return one;
                        }))
            .toList();
    workers.shutdown();
    return new Uploads(workers, uploads);
  }

  /** Uploads that go on. */
  record Uploads(ExecutorService workers, List<? extends Future<?>> all) implements AutoCloseable {
    boolean areDone() {
      return all.stream().allMatch(Future::isDone);
    }

    /** How many came to nothing, each with its reason told; those that still go on are given up. */
    int failures(PrintWriter words) {
      int failures = 0;
      for (Future<?> one : all) {
        one.cancel(true);
        if (one.state() != Future.State.SUCCESS) {
          failures++;
          words.println(
              "A document was not uploaded: "
                  + (one.state() == Future.State.FAILED ? one.exceptionNow() : "it took too long"));
        }
      }
      return failures;
    }

    @Override
    public void close() {
      workers.shutdownNow();
    }
  }

  private void upload(SoakDocument document) throws IOException {
    UploadFile file = UploadFile.write(document, folder);
    try {
      upload(file);
    } finally {
      Files.deleteIfExists(file.path());
    }
  }

  private void upload(UploadFile file) {
    String key = SluiceApi.newKey();
    send(patiently(() -> api.create(file.announcement(), key)), file.path());
  }

  private void send(AcceptedDocument accepted, Path file) {
    AtomicBoolean repeated = new AtomicBoolean();
    patiently(
        () -> {
          try {
            api.upload(accepted, file);
          } catch (ApiException refused) {
            if (refused.status() != ALREADY_THERE || !repeated.get()) {
              repeated.set(true);
              throw refused;
            }
          }
          return accepted;
        });
  }

  private <T> T patiently(Supplier<T> call) {
    for (int i = 1; ; i++) {
      try {
        return call.get();
      } catch (ApiException refused) {
        boolean passing = refused.isTransient() || refused.status() >= 500;
        if (!passing || i == MOST_TRIES || Thread.currentThread().isInterrupted()) {
          throw refused;
        }
        pause.pause(BETWEEN_TRIES);
      }
    }
  }
}
