package dev.sluice.cli.ingest;

import dev.sluice.cli.api.AcceptedDocument;
import dev.sluice.cli.api.ApiException;
import dev.sluice.cli.api.SluiceApi;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Takes files to their end: read, announce, upload, follow. One file's failure stops no other. */
public final class IngestDocuments {
  private static final int AT_ONCE = 4;

  private final SluiceApi api;
  private final FollowJob follow;
  private final Watcher watcher;
  private final @Nullable String documentId;
  // The same bytes are the same document: a second upload meanwhile would fence the first one off.
  private final ConcurrentMap<String, Lock> byContent = new ConcurrentHashMap<>();

  /**
   * @param documentId null lets Sluice derive it from the user and the bytes
   */
  public IngestDocuments(
      SluiceApi api, FollowJob follow, Watcher watcher, @Nullable String documentId) {
    this.api = api;
    this.follow = follow;
    this.watcher = watcher;
    this.documentId = documentId;
  }

  /** Returns when every file has ended; outcomes are in the order of the files. */
  public List<DocumentOutcome> ingest(List<String> files) throws InterruptedException {
    try (ExecutorService workers = Executors.newFixedThreadPool(AT_ONCE)) {
      List<Future<DocumentOutcome>> futures = new ArrayList<>();
      for (int i = 0; i < files.size(); i++) {
        int index = i;
        futures.add(workers.submit(() -> ingest(index, files.get(index))));
      }
      List<DocumentOutcome> outcomes = new ArrayList<>();
      for (Future<DocumentOutcome> future : futures) {
        outcomes.add(future.get());
      }
      return outcomes;
    } catch (ExecutionException bug) {
      throw new IllegalStateException(bug.getCause());
    }
  }

  private DocumentOutcome ingest(int index, String file) {
    DocumentOutcome outcome = outcome(index, file);
    watcher.ended(index, outcome);
    return outcome;
  }

  private DocumentOutcome outcome(int index, String file) {
    FileFacts facts;
    try {
      facts = FileFacts.read(file);
    } catch (UnreadableFile unreadable) {
      return DocumentOutcome.notUploaded(
          file, DocumentOutcome.FAILED_UPLOAD, unreadable.code(), unreadable.getMessage());
    }
    Lock lock = byContent.computeIfAbsent(facts.sha256(), hash -> new ReentrantLock());
    lock.lock();
    try {
      return send(index, file, facts);
    } finally {
      lock.unlock();
    }
  }

  private DocumentOutcome send(int index, String file, FileFacts facts) {
    AcceptedDocument accepted;
    try {
      watcher.uploading(index);
      accepted = api.create(facts.document(documentId), SluiceApi.newKey());
      api.upload(accepted, facts.path());
    } catch (ApiException refused) {
      return DocumentOutcome.notUploaded(
          file, DocumentOutcome.FAILED_UPLOAD, refused.code(), refused.getMessage());
    }
    return follow.toItsEnd(file, accepted, job -> watcher.progressed(index, job));
  }
}
