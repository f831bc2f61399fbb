package dev.sluice.parse;

import io.micronaut.http.MediaType;
import io.micronaut.http.client.exceptions.HttpClientException;
import io.micronaut.http.client.multipart.MultipartBody;
import io.micronaut.serde.ObjectMapper;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** The parser, in this function's words. */
@Singleton
final class LlamaParse {
  /** The pages and their price, and where the Markdown lies. */
  private static final List<String> EXPANSIONS =
      List.of("job_metadata", "markdown_content_metadata");

  private static final int LISTED_JOBS = 100;

  private final LlamaParseApi api;
  private final ObjectMapper json;
  private final Duration downloadTimeout;

  LlamaParse(LlamaParseApi api, ObjectMapper json, ParserOptions options) {
    this.api = api;
    this.json = json;
    this.downloadTimeout = options.downloadTimeout();
  }

  /**
   * Hands over a document by its URL.
   *
   * @return the parser's id of the new job
   * @throws ParserFault if it did not take it, or did not say so
   */
  String submit(ParseRequest request) {
    return called(() -> ParserJobReader.job(api.submit(request)).id());
  }

  /** As {@link #submit}, with the bytes. */
  String upload(ParseRequest request, Path file, String filename) {
    var body =
        MultipartBody.builder()
            .addPart("file", filename, MediaType.APPLICATION_OCTET_STREAM_TYPE, file.toFile())
            .addPart("configuration", text(request))
            .build();
    return called(() -> ParserJobReader.job(api.upload(body)).id());
  }

  /**
   * Asks for a job.
   *
   * @throws ParserFault.JobGone if the parser knows no such job
   */
  ParserJob get(String id) {
    return called(() -> api.get(id, EXPANSIONS).map(ParserJobReader::job))
        .orElseThrow(ParserFault.JobGone::new);
  }

  /** The newest of the parser's latest jobs that is the one. */
  Optional<ParserJob> find(Predicate<ParserJob> theOne) {
    return called(() -> ParserJobReader.jobs(api.list(LISTED_JOBS)).stream())
        .filter(theOne)
        .findFirst();
  }

  /**
   * Fetches a result into a file, piece by piece. The address carries its own permission, so the
   * key stays here.
   */
  void download(URI content, Path to) {
    try (var http = HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build()) {
      var request = HttpRequest.newBuilder(content).timeout(downloadTimeout).GET().build();
      var answer = http.send(request, BodyHandlers.ofFile(to));
      if (answer.statusCode() != 200) {
        throw notFetched(new IOException("status " + answer.statusCode()));
      }
    } catch (IOException e) {
      throw notFetched(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw notFetched(e);
    }
  }

  private static ParserFault notFetched(Exception cause) {
    return new ParserFault.Unavailable(
        "parse_result_unavailable", "The parser's result could not be fetched.", false, cause);
  }

  private static <T> T called(Supplier<T> call) {
    try {
      return call.get();
    } catch (HttpClientException e) {
      throw ParserFaults.of(e);
    } catch (IllegalArgumentException e) {
      throw new ParserFault.Unavailable(
          "parse_answer_unreadable", "The parser's answer could not be read.", false, e);
    }
  }

  private String text(ParseRequest request) {
    try {
      return json.writeValueAsString(request);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
