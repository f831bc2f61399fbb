package dev.sluice.cli.api;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JavaType;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Calls Sluice over HTTP, asking again where the failure is a passing one. */
public final class SluiceApi {
  private static final int ATTEMPTS = 5;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
  // The gateway gives up after 30 s, as API Gateway does.
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(40);
  private static final Duration UPLOAD_LIMIT = Duration.ofMinutes(10);
  // The HTTP client sets these itself and refuses to be told.
  private static final Set<String> SET_BY_THE_CLIENT =
      Set.of("host", "content-length", "connection");

  private final URI base;
  private final Supplier<String> token;
  private final Pause pause;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  public SluiceApi(URI base, Supplier<String> token, Pause pause) {
    this.base = base;
    this.token = token;
    this.pause = pause;
  }

  /**
   * Announces an upload.
   *
   * @param key the upload's own, the same if it is announced again: see {@link #newKey}
   */
  public AcceptedDocument create(NewDocument document, String key) {
    return call(
        AcceptedDocument.class,
        post("/documents", document).header("Idempotency-Key", key).build());
  }

  /** A key for an upload. */
  public static String newKey() {
    return UUID.randomUUID().toString();
  }

  /**
   * Streams the file to where the API said, with exactly the headers that were signed; not at all
   * if its bytes have arrived before.
   */
  public void upload(AcceptedDocument accepted, Path file) {
    AcceptedDocument.Upload upload = accepted.upload();
    if (upload != null) {
      retrying(attempt -> put(upload, file, attempt));
    }
  }

  /** The document's latest job. */
  public Job job(String documentId) {
    return call(Job.class, get("/jobs/" + encoded(documentId)));
  }

  /** The user's latest jobs, newest first. */
  public List<Job> jobs(int limit) {
    return call(Jobs.class, get("/jobs?limit=" + limit)).jobs();
  }

  /** Stops the document's latest job; the job as it stands then. */
  public Job cancel(String documentId) {
    return act("/cancel", documentId, "job_cancelled");
  }

  /** Lets the document's failed job go on; the job as it stands then. */
  public Job retry(String documentId) {
    return act("/retry", documentId, "job_running");
  }

  /** Which of the document's generations search reads. */
  public Document document(String documentId) {
    return call(Document.class, get("/documents/" + encoded(documentId)));
  }

  /**
   * Lets search read another complete generation; the document as it stands then.
   *
   * @param generation null for the one before the active one, which is another one at each call
   */
  public Document rollback(String documentId, @Nullable Integer generation) {
    String to = generation == null ? "" : "?generation=" + generation;
    String path = "/documents/" + encoded(documentId) + "/rollback" + to;
    return call(Document.class, post(path, Map.of()).build());
  }

  /** Deletes the document with all its generations. */
  public void delete(String documentId) {
    retrying(attempt -> delete(documentId, attempt));
  }

  public Answer search(Question question) {
    return call(Answer.class, post("/search", question).build());
  }

  record Jobs(List<Job> jobs) {}

  /**
   * An act that may have been done although its answer was lost.
   *
   * @param code of the refusal that then follows
   */
  private Job act(String act, String documentId, String code) {
    return retrying(
        attempt -> {
          try {
            return answer(
                Job.class, send(post("/jobs/" + encoded(documentId) + act, Map.of()).build()));
          } catch (ApiException refusal) {
            if (attempt > 1 && refusal.code().equals(code)) {
              return answer(Job.class, send(get("/jobs/" + encoded(documentId))));
            }
            throw refusal;
          }
        });
  }

  private Void delete(String documentId, int attempt) throws IOException {
    HttpResponse<byte[]> response =
        send(request("/documents/" + encoded(documentId)).DELETE().build());
    boolean deletedBefore = response.statusCode() == 404 && attempt > 1;
    if (response.statusCode() / 100 != 2 && !deletedBefore) {
      throw refused(response);
    }
    return null;
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(base.toString() + path))
        .timeout(ANSWER_LIMIT)
        .header("Authorization", "Bearer " + token.get())
        .header("Accept", "application/json, application/problem+json");
  }

  private HttpRequest get(String path) {
    return request(path).GET().build();
  }

  private HttpRequest.Builder post(String path, Object body) {
    return request(path)
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofByteArray(bytes(body)));
  }

  private Void put(AcceptedDocument.Upload upload, Path file, int attempt) throws IOException {
    BodyPublisher body = BodyPublishers.ofFile(file);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(upload.url()))
            .timeout(UPLOAD_LIMIT)
            .method(upload.method(), body);
    upload.headers().forEach((name, value) -> header(request, name, value));
    HttpResponse<byte[]> response = send(request.build());
    // If-None-Match: the object is there, so an earlier attempt had arrived after all.
    boolean arrivedBefore = response.statusCode() == 412 && attempt > 1;
    if (response.statusCode() / 100 != 2 && !arrivedBefore) {
      throw refusedUpload(response);
    }
    return null;
  }

  private static void header(HttpRequest.Builder request, String name, String value) {
    if (!SET_BY_THE_CLIENT.contains(name.toLowerCase(Locale.ROOT))) {
      request.header(name, value);
    }
  }

  private static ApiException refusedUpload(HttpResponse<byte[]> response) {
    String said = new String(response.body(), StandardCharsets.UTF_8).strip();
    return new ApiException(
        response.statusCode(),
        "upload_refused",
        "the object store refused the upload with status "
            + response.statusCode()
            + (said.isEmpty() ? "" : ": " + said.substring(0, Math.min(said.length(), 300))));
  }

  private <T> T call(Class<T> type, HttpRequest request) {
    return retrying(attempt -> answer(type, send(request)));
  }

  private static <T> T answer(Class<T> type, HttpResponse<byte[]> response) throws IOException {
    if (response.statusCode() / 100 != 2) {
      throw refused(response);
    }
    JavaType javaType = Json.MAPPER.constructType(type);
    T read = Json.MAPPER.readValue(response.body(), javaType);
    if (read == null) {
      throw new IOException("an empty answer from " + response.uri());
    }
    return read;
  }

  private static ApiException refused(HttpResponse<byte[]> response) {
    int status = response.statusCode();
    try {
      Problem problem = Json.MAPPER.readValue(response.body(), Problem.class);
      String code = problem.code() == null ? "http_" + status : problem.code();
      return new ApiException(status, code, problem.sentence(status));
    } catch (IOException notAProblem) {
      String where = response.request().method() + " " + response.uri().getPath();
      return new ApiException(status, "http_" + status, where + " answered " + status);
    }
  }

  private HttpResponse<byte[]> send(HttpRequest request) throws IOException {
    try {
      return http.send(request, BodyHandlers.ofByteArray());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for " + request.uri().getPath());
    }
  }

  private interface Attempt<T> {
    T run(int attempt) throws IOException;
  }

  private <T> T retrying(Attempt<T> what) {
    Duration wait = FIRST_PAUSE;
    for (int attempt = 1; ; attempt++) {
      ApiException failure;
      try {
        return what.run(attempt);
      } catch (ApiException refusal) {
        failure = refusal;
      } catch (IOException broken) {
        failure = unreachable(broken);
      }
      if (attempt == ATTEMPTS || !failure.isTransient() || Thread.currentThread().isInterrupted()) {
        throw failure;
      }
      pause.pause(wait);
      wait = wait.multipliedBy(2);
    }
  }

  private ApiException unreachable(IOException broken) {
    String why =
        broken.getMessage() == null ? broken.getClass().getSimpleName() : broken.getMessage();
    String code = broken instanceof JacksonException ? "unreadable_answer" : "unreachable";
    return new ApiException(code, base + " could not be reached (" + why + ")", broken);
  }

  private static byte[] bytes(Object body) {
    try {
      return Json.MAPPER.writeValueAsBytes(body);
    } catch (JacksonException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static String encoded(String segment) {
    return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
