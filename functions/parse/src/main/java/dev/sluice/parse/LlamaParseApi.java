package dev.sluice.parse;

import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.client.annotation.Client;
import io.micronaut.http.client.multipart.MultipartBody;
import io.micronaut.json.tree.JsonNode;
import io.micronaut.retry.annotation.Retryable;
import java.util.List;
import java.util.Optional;

/**
 * LlamaParse v2. Questions are repeated when the parser is limited or away; a submission never is,
 * since it is paid.
 */
@Client(id = "llamaparse", path = "/api/v2/parse")
interface LlamaParseApi {
  @Post
  JsonNode submit(@Body ParseRequest request);

  @Post(uri = "/upload", produces = MediaType.MULTIPART_FORM_DATA)
  JsonNode upload(@Body MultipartBody body);

  /** Empty if there is no such job, for so the client reads a 404. */
  @Get("/{id}{?expand*}")
  @Retryable(attempts = "1", delay = "400ms", predicate = RepeatLater.class)
  Optional<JsonNode> get(String id, @QueryValue List<String> expand);

  @Get("{?page_size}")
  @Retryable(attempts = "1", delay = "400ms", predicate = RepeatLater.class)
  JsonNode list(@QueryValue("page_size") int pageSize);
}
