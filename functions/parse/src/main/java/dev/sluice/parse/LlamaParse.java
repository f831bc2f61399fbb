package dev.sluice.parse;

import dev.sluice.postgres.JobRow;
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
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The parser, in this function's words. */
@Singleton
final class LlamaParse {
  private static final Logger LOG = LoggerFactory.getLogger(LlamaParse.class);

  /** What it charged is not told unasked. */
  private static final String USAGE = "usage";

  private static final int LISTED_JOBS = 100;

  /** Of lists whose jobs do not say how old they are. */
  private static final int MOST_LISTS = 20;

  /** The parser's clock may be another than ours. */
  private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(10);

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

  /**
   * The newest of the parser's jobs that is this submission, or one of an earlier try that can
   * still give its text. Those are looked through that are not older than the job's bytes; of jobs
   * that do not say how old they are, the latest 2,000.
   */
  Optional<ParserJob> find(JobRow job) {
    var since = job.receivedAt() == null ? Instant.MIN : job.receivedAt().minus(CLOCKS_DIFFER);
    String next = null;
    for (int lists = 0; lists < MOST_LISTS; lists++) {
      var list = list(next);
      var found =
          list.jobs().stream().filter(one -> SubmissionMetadata.names(job, one)).findFirst();
      next = list.next();
      if (found.isPresent() || next == null || list.reachesBackTo(since)) {
        return found;
      }
    }
    LOG.warn("The submission is not among the parser's latest {} jobs", MOST_LISTS * LISTED_JOBS);
    return Optional.empty();
  }

  private ParserJobList list(@Nullable String from) {
    return called(() -> api.list(LISTED_JOBS, from), ParserJobReader::jobs);
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
    ParserTime.requireFor(ParserTime.LONGEST_CALL);
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
