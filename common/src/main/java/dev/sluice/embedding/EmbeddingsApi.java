package dev.sluice.embedding;

import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Header;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.client.annotation.Client;

/** The provider's HTTP API; its address is {@code micronaut.http.services.openai.url}. */
@Client(id = "openai")
@Requires(property = "sluice.openai-secret")
interface EmbeddingsApi {
  @Post("/v1/embeddings")
  HttpResponse<EmbeddingsReply> embed(
      @Header(HttpHeaders.AUTHORIZATION) String authorization, @Body EmbeddingsRequest request);
}
