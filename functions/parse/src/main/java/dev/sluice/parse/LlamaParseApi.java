package dev.sluice.parse;

import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.client.annotation.Client;
import io.micronaut.http.client.multipart.MultipartBody;
import io.micronaut.json.tree.JsonNode;
import io.micronaut.retry.annotation.Retryable;
import org.jspecify.annotations.Nullable;

/**
 * LlamaParse v2. Questions are repeated when the parser is limited or away; a submission never is,
 * since it is paid. A 404 is an answer: so the client reads it.
 */
@Client(id = "llamaparse", path = "/api/v2/parse")
interface LlamaParseApi {
  @Post
  HttpResponse<JsonNode> submit(@Body ParseRequest request);

  @Post(uri = "/upload", produces = MediaType.MULTIPART_FORM_DATA)
  HttpResponse<JsonNode> upload(@Body MultipartBody body);

  @Get("/{id}{?expand}")
  @Retryable(attempts = "1", delay = "400ms", predicate = RepeatLater.class)
  HttpResponse<JsonNode> get(String id, @QueryValue String expand);

  /** Not asked twice: the sweep reminds of it. */
  @Post("/{id}/cancel")
  HttpResponse<JsonNode> cancel(String id);

  @Get("{?page_size,page_token}")
  @Retryable(attempts = "1", delay = "400ms", predicate = RepeatLater.class)
  HttpResponse<JsonNode> list(
      @QueryValue("page_size") int pageSize, @QueryValue("page_token") @Nullable String pageToken);
}
