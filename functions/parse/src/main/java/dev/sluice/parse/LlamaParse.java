package dev.sluice.parse;

import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.client.exceptions.HttpClientException;
import io.micronaut.http.client.multipart.MultipartBody;
import io.micronaut.json.tree.JsonNode;
import io.micronaut.serde.ObjectMapper;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** The parser, in this function's words. */
@Singleton
final class LlamaParse {
  /** What it charged is not told unasked. */
  private static final String USAGE = "usage";

  private static final int LISTED_JOBS = 100;

  private final LlamaParseApi api;
  private final ObjectMapper json;

  LlamaParse(LlamaParseApi api, ObjectMapper json) {
    this.api = api;
    this.json = json;
  }

  /**
   * Hands over a document by its URL.
   *
   * @return the parser's id of the new job
   * @throws ParserFault if it did not take it, or did not say so
   */
  String submit(ParseRequest request) {
    return called(() -> api.submit(request), ParserJobReader::job).id();
  }

  /** As {@link #submit}, with the bytes. */
  String upload(ParseRequest request, Path file, String filename) {
    var body =
        MultipartBody.builder()
            .addPart("file", filename, MediaType.APPLICATION_OCTET_STREAM_TYPE, file.toFile())
            .addPart("configuration", text(request))
            .build();
    return called(() -> api.upload(body), ParserJobReader::job).id();
  }

  /**
   * Asks for a job.
   *
   * @throws ParserFault.JobGone if the parser knows no such job
   */
  ParserJob get(String id) {
    return called(() -> known(id, api.get(id, USAGE)), answer -> theOne(id, answer));
  }

  /** The newest of the parser's latest jobs that is the one. */
  Optional<ParserJob> find(Predicate<ParserJob> theOne) {
    return called(() -> api.list(LISTED_JOBS), ParserJobReader::jobs).stream()
        .filter(theOne)
        .findFirst();
  }

  /**
   * Ends a job, or lets it be if it has ended.
   *
   * @return the job as it is then
   * @throws ParserFault.JobGone if the parser knows no such job
   */
  ParserJob cancel(String id) {
    try {
      return called(() -> known(id, api.cancel(id)), answer -> theOne(id, answer));
    } catch (ParserFault.Refused e) {
      // So the provider answers when the job has ended already.
      return get(id);
    }
  }

  private static HttpResponse<JsonNode> known(String id, HttpResponse<JsonNode> answer) {
    if (answer.code() == 404) {
      throw new ParserFault.JobGone(id);
    }
    return answer;
  }

  private static ParserJob theOne(String id, JsonNode answer) {
    var job = ParserJobReader.job(answer);
    if (!job.id().equals(id)) {
      throw new IllegalArgumentException("the parser's answer is about another job than " + id);
    }
    return job;
  }

  private static <T> T called(Supplier<HttpResponse<JsonNode>> call, Function<JsonNode, T> reader) {
    try {
      var answer = call.get();
      if (answer.code() >= 300) {
        throw ParserFaults.ofStatus(answer.code(), ".", null);
      }
      return reader.apply(answer.getBody().orElseGet(JsonNode::nullNode));
    } catch (HttpClientException e) {
      throw ParserFaults.of(e);
    } catch (IllegalArgumentException e) {
      throw ParserFaults.unreadable(e);
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
